# A spike file becomes checked, time-sorted Parquet tables, one for each population.
rule extract_population:
    input:
        source=get_source,
        files=get_files,
        mark=get_mark,
    output:
        table="results/{simulation}/spikes/{population}.parquet/part-00000.parquet",
    log:
        "logs/extract_population/{simulation}/{population}.log",
    benchmark:
        "logs/benchmarks/extract_population/{simulation}/{population}.tsv"
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
        name=get_population_name,
        folder=subpath(output.table, parent=True),
    shell:
        "spikelib extract {input.source:q} --population={params.name:q}"
        " --out {params.folder:q} --memory-limit 1GB > {log:q} 2>&1"


rule tables:
    input:
        collect_all(get_tables),
