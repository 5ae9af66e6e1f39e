# A simulation with more spikes than `max_spikes_per_job` is done in slabs of time, each by jobs of its own: surveyed once,
# extracted and filtered slab by slab, and the summaries of the slabs merged into exactly what one job would have made.
rule survey_simulation:
    input:
        **SIMULATED,
        mark=get_per_simulation_mark,
    output:
        survey=SPLIT.survey,
    log:
        "logs/survey_simulation/{simulation}.log",
    benchmark:
        "logs/benchmarks/survey_simulation/{simulation}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        slabs=get_slab_count,
    shell:
        "spikelib inspect {params.source:q} {params.trust} --slabs {params.slabs} > {output.survey:q} 2> {log:q}"


# Before it was split, the simulation had a file where the parts of `filter_slab` will need a folder: it goes first.
rule extract_slab:
    input:
        **SURVEYED,
    output:
        part=SPLIT.tables / "{population}.parquet/part-{slab}.parquet",
    log:
        "logs/extract_slab/{simulation}/{population}/{slab}.log",
    benchmark:
        "logs/benchmarks/extract_slab/{simulation}/{population}/{slab}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        name=get_population_name,
    shell:
        'rm -f "$(dirname {input.survey:q})"/filters/*/spikes.parquet 2> /dev/null || true;'
        " spikelib extract {params.source:q} {params.trust} --population={params.name:q} --survey {input.survey:q}"
        ' --slab {wildcards.slab:q} --out "$(dirname {output.part:q})" --memory-limit 1GB > {log:q} 2>&1'


use rule filter_spikes as filter_slab with:
    output:
        spikes=SPLIT.filter("{filter}").spikes / "part-{slab}.parquet",
        summary=temp(SPLIT.filter("{filter}").folder / "slabs/summary-{slab}.npz"),
    log:
        "logs/filter_slab/{simulation}/{filter}/{slab}.log",
    benchmark:
        "logs/benchmarks/filter_slab/{simulation}/{filter}/{slab}.tsv"
    params:
        **READ,
        results=subpath(output.spikes, ancestor=4),
        options=get_slab_options,


rule merge_slabs:
    input:
        source=get_source,
        summaries=get_slab_summaries,
    output:
        **filter_files(SPLIT, "summary", "nodes", "spectrum", "statistics"),
    log:
        "logs/merge_slabs/{simulation}/{filter}.log",
    benchmark:
        "logs/benchmarks/merge_slabs/{simulation}/{filter}.tsv"
    conda:
        "../envs/spikelib.yaml"
    resources:
        **NEEDS,
    params:
        **READ,
        options=get_merge_options,
    shell:
        'spikelib summarise {params.source:q} {params.trust} --filter "$(dirname {output.summary:q})" --merge'
        " {params.options} > {log:q} 2>&1"
