# What jobs make: results as outputs by name, with what Snakemake's own report says of them.
def filter_files(results, *names):
    """Return files of a filter as outputs by name."""
    return {name: getattr(results.filter("{filter}"), name) for name in names}


def reported_figure(name, suffix):
    """Return a figure as an output that Snakemake's report shows."""
    return report(
        ANY.filter("{filter}").figure(name, suffix),
        caption=f"../report/{name}.rst",
        category="{simulation}",
        labels={"figure": FIGURES[name].label, "filter": "{filter}"},
    )


def page_files(results):
    """Return the page of a simulation and what is written with it, as outputs by name."""
    page = report(
        results.page,
        caption="../report/page.rst",
        category="{simulation}",
        labels={"figure": "the whole page", "filter": "every filter"},
    )
    return {
        "page": page,
        "description": results.description,
        "overview": results.overview,
    }


# All stills of a filter: the PNGs first, which the report shows, then the other formats.
STILLS = [reported_figure(name, "png") for name in CAMPAIGN.stills]
STILLS += [
    ANY.filter("{filter}").figure(name, suffix)
    for name in CAMPAIGN.stills
    for suffix in CAMPAIGN.figure_options.files.suffixes[1:]
]
# What one job makes of a simulation, but for tables and figures, whose number it finds out itself.
EVERYTHING = {
    **page_files(PER_SIMULATION),
    "statistics": [
        PER_SIMULATION.filter(name).statistics for name in config["filters"]
    ],
    "mark": touch(PER_SIMULATION.per_simulation_mark),
}
