# A filter keeps some nodes and times of a simulation; its spikes pass once more, into one summary.
rule filter_spikes:
    input:
        source=get_source,
        tables=get_tables,
    output:
        spikes="results/{simulation}/filters/{filter}/spikes.parquet",
        summary="results/{simulation}/filters/{filter}/summary.npz",
        nodes="results/{simulation}/filters/{filter}/nodes.parquet",
        statistics="results/{simulation}/filters/{filter}/statistics.json",
    log:
        "logs/filter_spikes/{simulation}/{filter}.log",
    benchmark:
        "logs/benchmarks/filter_spikes/{simulation}/{filter}.tsv"
    wildcard_constraints:
        simulation=any_of(WHOLE),
    conda:
        "../envs/spikelib.yaml"
    threads: 1
    resources:
        mem_mb=get_memory_mb,
        runtime=get_runtime,
    params:
        version=VERSION,
        selection=get_selection,
        figures=json.dumps(COUNTED),
        properties=get_properties,
        results=subpath(output.spikes, ancestor=3),
        folder=subpath(output.spikes, parent=True),
    shell:
        "spikelib filter {input.source:q} --tables {params.results:q}/spikes --out {params.folder:q}"
        " --name {wildcards.filter:q} {params.selection} --summarise --figures {params.figures:q}"
        " {params.properties} > {log:q} 2>&1"


rule statistics:
    input:
        collect_all(get_statistics),
