# The stills of a filter are drawn by one process; the animation is a job of its own, so that nothing waits for it.
if STILLS:

    rule draw_figures:
        input:
            summary=ANY.filter("{filter}").summary,
            style=STYLE,
        output:
            STILLS,
        log:
            "logs/draw_figures/{simulation}/{filter}.log",
        benchmark:
            "logs/benchmarks/draw_figures/{simulation}/{filter}.tsv"
        conda:
            "../envs/spikelib.yaml"
        resources:
            **NEEDS,
        params:
            version=VERSION,
            options=STILL_OPTIONS,
            folder=subpath(output[0], parent=True),
        shell:
            "spikelib figure {input.summary:q} --out {params.folder:q} {params.options} > {log:q} 2>&1"


if CAMPAIGN.animation:

    rule draw_animation:
        input:
            summary=ANY.filter("{filter}").summary,
        output:
            animation=reported_figure("animation", CAMPAIGN.animation),
            poster=ANY.filter("{filter}").poster,
        log:
            "logs/draw_animation/{simulation}/{filter}.log",
        benchmark:
            "logs/benchmarks/draw_animation/{simulation}/{filter}.tsv"
        conda:
            "../envs/spikelib.yaml"
        resources:
            **NEEDS,
        params:
            version=VERSION,
            options=FILM_OPTIONS,
        shell:
            'spikelib figure {input.summary:q} --out "$(dirname {output.animation:q})" {params.options} > {log:q} 2>&1'


rule figures:
    input:
        CAMPAIGN.targets(CAMPAIGN.figures),
