# A simulation with more spikes than `max_spikes_per_job` is done in slabs of time, each by jobs of its own: surveyed once,
# extracted and filtered slab by slab, and the summaries of the slabs merged into exactly what one job would have made.
if SPLIT:

    rule survey_simulation:
        input:
            source=get_source,
            files=get_files,
            mark=get_mark,
        output:
            survey="results/{simulation}/slabs.json",
        log:
            "logs/survey_simulation/{simulation}.log",
        benchmark:
            "logs/benchmarks/survey_simulation/{simulation}.tsv"
        wildcard_constraints:
            simulation=any_of(SPLIT),
        conda:
            "../envs/spikelib.yaml"
        threads: 1
        resources:
            mem_mb=get_memory_mb,
            runtime=get_runtime,
        params:
            version=VERSION,
            slabs=get_slab_count,
        shell:
            "spikelib inspect {input.source:q} --slabs {params.slabs} > {output.survey:q} 2> {log:q}"

    rule extract_slab:
        input:
            source=get_source,
            survey="results/{simulation}/slabs.json",
        output:
            part="results/{simulation}/spikes/{population}.parquet/part-{slab}.parquet",
        log:
            "logs/extract_slab/{simulation}/{population}/{slab}.log",
        benchmark:
            "logs/benchmarks/extract_slab/{simulation}/{population}/{slab}.tsv"
        wildcard_constraints:
            simulation=any_of(SPLIT),
        conda:
            "../envs/spikelib.yaml"
        threads: 1
        resources:
            mem_mb=get_memory_mb,
            runtime=get_runtime,
        params:
            version=VERSION,
            name=get_population_name,
            folder=subpath(output.part, parent=True),
            results=subpath(output.part, ancestor=3),
        shell:
            # Before it was split, the simulation had a file where the parts of `filter_slab` will need a folder.
            "find {params.results:q}/filters -maxdepth 2 -name spikes.parquet -type f -delete 2> /dev/null || true;"
            " spikelib extract {input.source:q} --population={params.name:q} --out {params.folder:q}"
            " --survey {input.survey:q} --slab {wildcards.slab:q} --memory-limit 1GB > {log:q} 2>&1"

    rule filter_slab:
        input:
            source=get_source,
            tables=get_tables,
        output:
            spikes="results/{simulation}/filters/{filter}/spikes.parquet/part-{slab}.parquet",
            summary=temp(
                "results/{simulation}/filters/{filter}/slabs/summary-{slab}.npz"
            ),
        log:
            "logs/filter_slab/{simulation}/{filter}/{slab}.log",
        benchmark:
            "logs/benchmarks/filter_slab/{simulation}/{filter}/{slab}.tsv"
        wildcard_constraints:
            simulation=any_of(SPLIT),
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
            results=subpath(output.spikes, ancestor=4),
            folder=subpath(output.spikes, ancestor=2),
        shell:
            "spikelib filter {input.source:q} --tables {params.results:q}/spikes --out {params.folder:q}"
            " --name {wildcards.filter:q} {params.selection} --summarise --figures {params.figures:q}"
            " --slab {wildcards.slab:q} > {log:q} 2>&1"

    rule merge_slabs:
        input:
            source=get_source,
            summaries=get_slab_summaries,
        output:
            summary="results/{simulation}/filters/{filter}/summary.npz",
            nodes="results/{simulation}/filters/{filter}/nodes.parquet",
            statistics="results/{simulation}/filters/{filter}/statistics.json",
        log:
            "logs/merge_slabs/{simulation}/{filter}.log",
        benchmark:
            "logs/benchmarks/merge_slabs/{simulation}/{filter}.tsv"
        wildcard_constraints:
            simulation=any_of(SPLIT),
        conda:
            "../envs/spikelib.yaml"
        threads: 1
        resources:
            mem_mb=get_memory_mb,
            runtime=get_runtime,
        params:
            version=VERSION,
            figures=json.dumps(COUNTED),
            properties=get_properties,
            folder=subpath(output.summary, parent=True),
        shell:
            "spikelib summarise {input.source:q} --filter {params.folder:q} --merge"
            " --figures {params.figures:q} {params.properties} > {log:q} 2>&1"
