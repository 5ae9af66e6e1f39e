# The stills of a filter are drawn by one process; its film is a job of its own, so that nothing waits for it.
if STILLS:

    rule draw_figures:
        input:
            summary="results/{simulation}/filters/{filter}/summary.npz",
        output:
            report(
                expand(
                    "results/{{simulation}}/filters/{{filter}}/figures/{name}.png",
                    name=STILLS,
                ),
                caption="../report/figures.rst",
                category="{simulation}",
                subcategory="{filter}",
            ),
            expand(
                "results/{{simulation}}/filters/{{filter}}/figures/{name}.svg",
                name=STILLS,
            ),
        log:
            "logs/draw_figures/{simulation}/{filter}.log",
        benchmark:
            "logs/benchmarks/draw_figures/{simulation}/{filter}.tsv"
        conda:
            "../envs/spikelib.yaml"
        threads: 1
        resources:
            mem_mb=get_memory_mb,
            runtime=30,
        params:
            version=VERSION,
            figures=json.dumps(FIGURES),
            names=STILLS,
            folder=subpath(output[0], parent=True),
        shell:
            "spikelib figure {input.summary:q} --out {params.folder:q}"
            " --figures {params.figures:q} --only {params.names} > {log:q} 2>&1"


if FILM:

    rule draw_animation:
        input:
            summary="results/{simulation}/filters/{filter}/summary.npz",
        output:
            film=report(
                f"results/{{simulation}}/filters/{{filter}}/figures/{FILM}",
                caption="../report/animation.rst",
                category="{simulation}",
                subcategory="{filter}",
            ),
        log:
            "logs/draw_animation/{simulation}/{filter}.log",
        benchmark:
            "logs/benchmarks/draw_animation/{simulation}/{filter}.tsv"
        conda:
            "../envs/spikelib.yaml"
        threads: 1
        resources:
            mem_mb=get_memory_mb,
            runtime=60,
        params:
            version=VERSION,
            figures=json.dumps(FIGURES),
            folder=subpath(output.film, parent=True),
        shell:
            "spikelib figure {input.summary:q} --out {params.folder:q}"
            " --figures {params.figures:q} --only animation > {log:q} 2>&1"


rule figures:
    input:
        collect_all(get_figures),
