# A filter keeps some nodes and times of a simulation; its spikes pass once more, into one summary.
rule filter_spikes:
    input:
        **FILTERED,
    output:
        **filter_files(UNSPLIT, "spikes", "summary", "nodes", "spectrum", "statistics"),
    log:
        "logs/filter_spikes/{simulation}/{filter}.log",
    benchmark:
        "logs/benchmarks/filter_spikes/{simulation}/{filter}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        results=subpath(output.spikes, ancestor=3),
        options=get_filter_options,
    shell:
        "spikelib filter {params.source:q} {params.trust} --tables {params.results:q}/spikes --name {wildcards.filter:q}"
        " --out {params.results:q}/filters/{wildcards.filter:q} --summarise {params.options} > {log:q} 2>&1"


rule statistics:
    input:
        CAMPAIGN.targets(CAMPAIGN.statistics),
