# One self-contained page for each simulation, and the list of all of them.
localrules:
    list_simulations,


rule assemble_page:
    input:
        source=get_source,
        files=get_files,
        tables=get_tables,
        statistics=get_statistics,
        figures=get_figures,
    output:
        page=report(
            "results/{simulation}/report.html",
            caption="../report/page.rst",
            category="{simulation}",
        ),
        description="results/{simulation}/description.json",
    log:
        "logs/assemble_page/{simulation}.log",
    benchmark:
        "logs/benchmarks/assemble_page/{simulation}.tsv"
    conda:
        "../envs/spikelib.yaml"
    threads: 1
    resources:
        mem_mb=get_memory_mb,
        runtime=30,
    params:
        version=VERSION,
        results=subpath(output.page, parent=True),
        filters=list(config["filters"]),
    shell:
        "spikelib report {input.source:q} --from {params.results:q}"
        " --filters {params.filters} --out {output.page:q} > {log:q} 2>&1"


rule list_simulations:
    input:
        pages=expand("results/{simulation}/report.html", simulation=SOURCES),
    output:
        index="results/index.html",
    log:
        "logs/list_simulations.log",
    benchmark:
        "logs/benchmarks/list_simulations.tsv"
    conda:
        "../envs/spikelib.yaml"
    threads: 1
    resources:
        mem_mb=get_memory_mb,
        runtime=10,
    params:
        version=VERSION,
        results=subpath(output.index, parent=True),
    shell:
        "spikelib report --index {params.results:q} --out {output.index:q} > {log:q} 2>&1"
