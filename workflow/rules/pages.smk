# One self-contained page for each simulation, and the list of all of them.
rule assemble_page:
    input:
        source=get_source,
        results=get_page_inputs,
    output:
        **page_files(PER_STEP),
    log:
        "logs/assemble_page/{simulation}.log",
    benchmark:
        "logs/benchmarks/assemble_page/{simulation}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        options=PAGE_OPTIONS,
    shell:
        'spikelib report {params.source:q} {params.trust} --from "$(dirname {output.page:q})" {params.options}'
        " --out {output.page:q} > {log:q} 2>&1"


# The list of what there should be changes when a simulation is added, has to wait or is gone.
rule assemble_campaign_page:
    input:
        campaign=local(str(RECORD)),
        pages=get_pages,
    output:
        index="results/index.html",
    log:
        "logs/assemble_campaign_page.log",
    benchmark:
        "logs/benchmarks/assemble_campaign_page.tsv"
    localrule: True
    conda:
        "../envs/spikelib.yaml"
    resources:
        **LITTLE,
    params:
        version=VERSION,
    shell:
        'spikelib report --index "$(dirname {output.index:q})" --campaign {input.campaign:q}'
        ' --logs "$(dirname {log:q})" --out {output.index:q} > {log:q} 2>&1'
