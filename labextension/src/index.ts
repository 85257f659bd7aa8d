import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { makeActions } from './actions';
import { addCatalogCommands, makeCatalogActions } from './catalogcommands';
import { CatalogModel } from './catalogmodel';
import { addCommands, CommandIDs } from './commands';
import { ControlKernel } from './control';
import { followNotebooks } from './follow';
import { ILinks, Links } from './links';
import { SparkModel } from './model';
import { monitorPlugin } from './monitor/plugin';
import { readSettings } from './settings';
import { SparkPanel } from './views/panel';
import { StatusItem } from './views/statusitem';

/** The Spark panel, its log, its commands and the item in the status bar. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'gospark:plugin',
  description: 'A panel for the Spark server of Go notebooks.',
  autoStart: true,
  requires: [IRenderMimeRegistry, ILinks],
  optional: [INotebookTracker, ITranslator, ICommandPalette, IStatusBar, ISettingRegistry, ILayoutRestorer],
  activate: async (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    links: Links,
    tracker: INotebookTracker | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    statusBar: IStatusBar | null,
    registry: ISettingRegistry | null,
    restorer: ILayoutRestorer | null
  ) => {
    const trans = (translator ?? nullTranslator).load('gospark');
    const model = new SparkModel(new ControlKernel(app.serviceManager.sessions), links);
    addCommands(app, model, trans, palette);
    const settings = await readSettings(registry, plugin.id);

    const catalog = new CatalogModel(model);
    const names = makeCatalogActions(app, model, trans, tracker, rendermime);
    const panel = new SparkPanel({ model, catalog, trans, actions: makeActions(app, trans, tracker, names) });
    addCatalogCommands(app, catalog, panel, names, trans, palette);
    app.shell.add(panel, settings.side, { rank: 650, type: 'Spark' });
    restorer?.add(panel, panel.id);

    if (statusBar && settings.statusBar) {
      const item = new StatusItem(model, trans, () => void app.commands.execute(CommandIDs.open));
      statusBar.registerStatusItem(plugin.id, { item, align: 'left', rank: 90, isActive: () => true });
    }
    if (tracker) {
      followNotebooks(model, tracker);
    }
    void app.restored.then(() => model.resume());
  }
};

/** The comms, which panel and monitor share. */
const linksPlugin: JupyterFrontEndPlugin<Links> = {
  id: 'gospark:links',
  description: 'The comms to the kernels of Go notebooks.',
  provides: ILinks,
  activate: () => new Links()
};

export default [linksPlugin, plugin, monitorPlugin];
