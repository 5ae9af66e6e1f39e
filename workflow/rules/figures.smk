# The stills of a filter are drawn by one process; its film is a job of its own, so that nothing waits for it.
TITLES = {
    "raster": "raster",
    "rate": "firing rate over time",
    "isi": "interspike intervals",
    "rates": "firing rates of nodes",
}

if STILLS:

    rule draw_figures:
        input:
            summary="results/{simulation}/filters/{filter}/summary.npz",
            style=get_style(),
        output:
            [
                report(
                    f"results/{{simulation}}/filters/{{filter}}/figures/{name}.png",
                    caption=f"../report/{name}.rst",
                    category="{simulation}",
                    labels={"figure": TITLES[name], "filter": "{filter}"},
                )
                for name in STILLS
            ],
            expand(
                "results/{{simulation}}/filters/{{filter}}/figures/{name}.{suffix}",
                name=STILLS,
                suffix=FILES.suffixes[1:],
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
            runtime=get_runtime,
        params:
            version=VERSION,
            figures=json.dumps({**COUNTED, "files": FIGURES["files"]}),
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
                labels={"figure": "animation", "filter": "{filter}"},
            ),
            poster="results/{simulation}/filters/{filter}/figures/poster.png",
        log:
            "logs/draw_animation/{simulation}/{filter}.log",
        benchmark:
            "logs/benchmarks/draw_animation/{simulation}/{filter}.tsv"
        conda:
            "../envs/spikelib.yaml"
        threads: 1
        resources:
            mem_mb=get_memory_mb,
            runtime=get_runtime,
        params:
            version=VERSION,
            figures=json.dumps({"animation": FIGURES["animation"]}),
            folder=subpath(output.film, parent=True),
        shell:
            "spikelib figure {input.summary:q} --out {params.folder:q}"
            " --figures {params.figures:q} --only animation > {log:q} 2>&1"


rule figures:
    input:
        collect_all(get_figures),
