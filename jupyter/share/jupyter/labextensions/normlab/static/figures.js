// How JupyterLab shows figures: in its theme's colours, with their words for readers who can't see them, and at the
// width they are made for. The drawing itself stays with Plotly's own extension.
//
// JupyterLab loads this file as it is (a "federated extension": a container with `init` and `get`), so nothing has to
// be built for it.
(() => {
  const plotly = "application/vnd.plotly.v1+json";
  const png = "image/png";

  // A dark theme turns lightness over and keeps the hues: black letters on white become light ones on the theme's
  // #111, and blue stays blue. Colours are not changed in the figure itself, so what is stored is the same in every
  // theme, and the picture that stands in for a figure until the pointer enters it follows as well.
  const style = document.createElement("style");
  style.textContent = `
    [data-jp-theme-light="false"] .jp-RenderedPlotly { filter: invert(0.9333) hue-rotate(180deg); }
    .jp-RenderedPlotly > .plot-img { max-width: 100%; height: auto; }`;

  /** Lets the renderer of Plotly's extension draw, and adds what it leaves out. */
  function described(renderer) {
    const draw = renderer.renderModel.bind(renderer);
    renderer.renderModel = async (model) => {
      const { data, metadata } = model;
      // Once it has drawn a figure, Plotly's extension puts a picture of its own into the notebook's file: less sharp,
      // as wide as the window happened to be, and a change to be saved. The file keeps the kernel's.
      // Without a picture it draws at once: a slider must be seen before the pointer comes near.
      const { [png]: _, ...withoutPicture } = data;
      const shown = data[plotly].layout?.sliders ? withoutPicture : data;
      await draw({ data: shown, metadata, trusted: model.trusted, setData: () => undefined });
      const words = String(data["text/plain"] ?? "");
      const picture = renderer.node.querySelector(".plot-img");
      picture.width = metadata[png]?.width ?? picture.naturalWidth;
      picture.alt = words;
      // A figure that Plotly has drawn is a heap of letters and lines: read as one picture, too.
      renderer.node.setAttribute("role", "img");
      renderer.node.setAttribute("aria-label", words);
    };
    return renderer;
  }

  const describing = (factory) => ({
    ...factory,
    createRenderer: (options) => described(factory.createRenderer(options)),
  });

  function plugin({ IRenderMimeRegistry }) {
    return {
      id: "normlab:figures",
      autoStart: true,
      requires: [IRenderMimeRegistry],
      activate: (_app, registry) => {
        document.head.append(style);
        // Plotly's extension may come before this one or after it.
        const add = registry.addFactory.bind(registry);
        registry.addFactory = (factory, rank) =>
          add(factory.mimeTypes.includes(plotly) ? describing(factory) : factory, rank);
        const present = registry.getFactory(plotly);
        if (present) registry.addFactory(present, registry.getRank(plotly));
      },
    };
  }

  let shared;
  (window._JUPYTERLAB ??= {}).normlab = {
    init: (scope) => void (shared = scope),
    async get() {
      const [{ get }] = Object.values(shared["@jupyterlab/rendermime"]);
      const rendermime = (await get())();
      return () => ({ __esModule: true, default: plugin(rendermime) });
    },
  };
})();
