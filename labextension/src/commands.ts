import type { JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { text } from './decode';
import { sparkIcon } from './icons';
import { LogModel } from './logmodel';
import type { SparkModel } from './model';
import { showTab } from './tabs';
import { LogPanel } from './views/logs';
import { WebUI, webUITab } from './views/webui';

/** The commands of the palette, and what the panel's buttons run. */
export const CommandIDs = {
  open: 'gospark:open-panel',
  log: 'gospark:open-log',
  ui: 'gospark:open-ui',
  catalog: 'gospark:open-catalog',
  preview: 'gospark:preview-table',
  insertName: 'gospark:insert-name',
  copyName: 'gospark:copy-name',
  start: 'gospark:start',
  disconnect: 'gospark:disconnect',
  cancelAll: 'gospark:cancel-operations'
} as const;

/** Registers the commands. */
export function addCommands(
  app: JupyterFrontEnd,
  model: SparkModel,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const state = (): string => model.status?.state ?? 'detached';
  const openLog = logOpener(app, model, trans);
  const add = (
    id: string,
    label: string,
    execute: (args: ReadonlyPartialJSONObject) => unknown,
    isEnabled = (): boolean => true
  ): void => {
    app.commands.addCommand(id, { label, icon: sparkIcon, execute, isEnabled });
    palette?.addItem({ command: id, category: 'Spark' });
  };
  add(CommandIDs.open, trans.__('Open the Spark panel'), () => app.shell.activateById('gospark-panel'));
  add(CommandIDs.log, trans.__('Open the log of the Spark server'), openLog);
  add(CommandIDs.ui, trans.__('Open the Spark Web UI'), uiOpener(app, model, trans));
  add(
    CommandIDs.start,
    trans.__('Start Spark or connect to it'),
    () => model.again(),
    () => state() !== 'ready' && state() !== 'connecting'
  );
  add(
    CommandIDs.disconnect,
    trans.__('Disconnect from Spark'),
    () => model.disconnect(),
    () => state() === 'ready'
  );
  add(
    CommandIDs.cancelAll,
    trans.__('Cancel this notebook’s Spark operations'),
    () => Promise.all((model.report?.operations ?? []).filter(o => o.mine).map(o => model.cancel(o))),
    () => (model.report?.operations ?? []).some(o => o.mine)
  );
  model.changed.connect(() => app.commands.notifyCommandChanged());
}

/** Opens the one log tab, or brings it to the front: of the profile in `profile`, else of the notebook's. */
function logOpener(
  app: JupyterFrontEnd,
  model: SparkModel,
  trans: TranslationBundle
): (args: ReadonlyPartialJSONObject) => void {
  let tab: MainAreaWidget<LogPanel> | null = null;
  return args => {
    const own = model.status?.remote ? '' : (model.status?.profile ?? '');
    const profile = text(args.profile) || own;
    if (tab && !tab.isDisposed) {
      tab.content.follow(profile);
    } else {
      tab = new MainAreaWidget({ content: new LogPanel(new LogModel(model, profile), trans) });
      tab.id = 'gospark-log-tab';
      tab.title.closable = true;
      tab.toolbar.hide(); // the log has a bar of its own
    }
    showTab(app.shell, tab, 'split-bottom');
  };
}

/** Opens the one tab of the Spark Web UI, or brings it to the front. */
function uiOpener(app: JupyterFrontEnd, model: SparkModel, trans: TranslationBundle): () => void {
  let tab: MainAreaWidget<WebUI> | null = null;
  return () => {
    if (!tab || tab.isDisposed) {
      tab = webUITab(new WebUI(model, app.serviceManager.serverSettings, trans), trans);
    }
    showTab(app.shell, tab);
  };
}
