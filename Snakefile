# What `snakemake` finds first: the workflow itself lies in workflow/. An include resets the default target,
# so the default rule has to stand here again; without it `snakemake` would do nothing, and say so with status 0.
include: "workflow/Snakefile"


rule default:
    default_target: True
    input:
        rules.all.input,
