# One self-contained page for each simulation, and the list of all of them.
rule assemble_page:
    input:
        source=get_source,
        tables=get_tables,
        statistics=get_statistics,
        summaries=expand(
            "results/{{simulation}}/filters/{filter}/summary.npz",
            filter=config["filters"],
        ),
        figures=get_figures,
    output:
        page=report(
            "results/{simulation}/report.html",
            caption="../report/page.rst",
            category="{simulation}",
            labels={"figure": "the whole page", "filter": "every filter"},
        ),
        description="results/{simulation}/description.json",
        overview="results/{simulation}/overview.json",
    log:
        "logs/assemble_page/{simulation}.log",
    benchmark:
        "logs/benchmarks/assemble_page/{simulation}.tsv"
    wildcard_constraints:
        simulation=any_of(STEPWISE),
    conda:
        "../envs/spikelib.yaml"
    threads: 1
    resources:
        mem_mb=get_memory_mb,
        runtime=get_runtime,
    params:
        version=VERSION,
        results=subpath(output.page, parent=True),
        filters=list(config["filters"]),
        choices=json.dumps(CHOICES),
    shell:
        "spikelib report {input.source:q} --from {params.results:q} --config {params.choices:q}"
        " --filters {params.filters} --out {output.page:q} > {log:q} 2>&1"


rule list_simulations:
    input:
        # The list of what there should be changes when a simulation is added, waits or is gone.
        campaign=local("resources/campaign.json"),
        pages=expand("results/{simulation}/report.html", simulation=SIMULATIONS),
    output:
        index="results/index.html",
    log:
        "logs/list_simulations.log",
    benchmark:
        "logs/benchmarks/list_simulations.tsv"
    localrule: True
    conda:
        "../envs/spikelib.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        version=VERSION,
        results=subpath(output.index, parent=True),
    shell:
        'spikelib report --index {params.results:q} --campaign {input.campaign:q} --logs "$(dirname {log:q})"'
        " --out {output.index:q} > {log:q} 2>&1"
