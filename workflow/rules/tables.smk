# A spike file becomes checked, time-sorted Parquet tables, one for each population.
rule extract_population:
    input:
        **SIMULATED,
        mark=get_per_simulation_mark,
    output:
        table=UNSPLIT.tables / "{population}.parquet/part-00000.parquet",
    log:
        "logs/extract_population/{simulation}/{population}.log",
    benchmark:
        "logs/benchmarks/extract_population/{simulation}/{population}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        name=get_population_name,
    shell:
        "spikelib extract {params.source:q} {params.trust} --population={params.name:q}"
        ' --out "$(dirname {output.table:q})" --memory-limit 1GB > {log:q} 2>&1'


rule tables:
    input:
        CAMPAIGN.targets(CAMPAIGN.tables),
