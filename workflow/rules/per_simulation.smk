# With `jobs: per_simulation` one job makes everything of a simulation. It needs to know nothing of it beforehand,
# so it also serves simulations that another rule has yet to make, or that storage has yet to deliver.
rule report_simulation:
    input:
        source=get_source,
        files=get_files,
        style=get_style(),
    output:
        page=report(
            "results/{simulation}/report.html",
            caption="../report/page.rst",
            category="{simulation}",
            labels={"figure": "the whole page", "filter": "every filter"},
        ),
        description="results/{simulation}/description.json",
        overview="results/{simulation}/overview.json",
        statistics=expand(
            "results/{{simulation}}/filters/{filter}/statistics.json",
            filter=config["filters"],
        ),
        mark=touch("results/{simulation}/.whole"),
    log:
        "logs/report_simulation/{simulation}.log",
    benchmark:
        "logs/benchmarks/report_simulation/{simulation}.tsv"
    wildcard_constraints:
        simulation=any_of(AT_ONCE),
    conda:
        "../envs/spikelib.yaml"
    threads: 1
    resources:
        mem_mb=get_memory_mb,
        runtime=get_whole_runtime,
    params:
        version=VERSION,
        choices=json.dumps(CHOICES),
        results=subpath(output.page, parent=True),
    shell:
        "spikelib report {input.source:q} --config {params.choices:q} --keep {params.results:q}"
        " --out {output.page:q} --memory-limit 1GB > {log:q} 2>&1"
