# With `jobs: per_simulation` one job makes everything of a simulation. It needs to know nothing of it beforehand,
# so it also serves simulations that another rule has yet to make, or that storage has yet to deliver.
rule report_simulation:
    input:
        **SIMULATED,
        style=STYLE,
    output:
        **EVERYTHING,
    log:
        "logs/report_simulation/{simulation}.log",
    benchmark:
        "logs/benchmarks/report_simulation/{simulation}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        choices=literally(CHOICES),
    shell:
        'spikelib report {params.source:q} {params.trust} --config {params.choices:q} --keep "$(dirname {output.page:q})"'
        " --out {output.page:q} --memory-limit 1GB > {log:q} 2>&1"
