import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { CommandIDs } from '../commands';
import { sparkIcon } from '../icons';
import { ILinks, type Links } from '../links';
import { readSettings } from '../settings';
import { showTab } from '../tabs';
import type { IWork } from './messages';
import type { MonitorModel } from './model';
import { NotebookMonitor } from './notebook';
import { MonitorPanel } from './panel';
import { ToolbarItem } from './toolbar';

/** The command that opens the tab with the work of all cells. */
const OPEN = 'gospark:open-monitor';

/** The command that interrupts the cell of the context menu, else the active one. */
const CANCEL = 'gospark:cancel-cell';

/** Where the menu of a code cell opens. */
const CELL = '.jp-Notebook .jp-CodeCell';

/** The monitor under cells, in a tab, and in the notebook's toolbar. */
export const monitorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'gospark:monitor',
  description: 'What Spark does for the cells of Go notebooks.',
  autoStart: true,
  requires: [INotebookTracker, ILinks],
  optional: [ITranslator, ICommandPalette, ISettingRegistry],
  activate: async (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    links: Links,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null
  ) => {
    const trans = (translator ?? nullTranslator).load('gospark');
    const { monitor: shown } = await readSettings(registry, 'gospark:plugin');
    if (shown === 'off') {
      return;
    }
    const monitors = new Map<string, NotebookMonitor>();
    const openTab = (): void => void app.commands.execute(OPEN);
    const openSidebar = (): void => void app.commands.execute(CommandIDs.open);
    const follow = (panel: NotebookPanel): IDisposable => {
      const monitor = new NotebookMonitor(panel, links, trans, shown, openTab);
      monitors.set(panel.id, monitor);
      const item = new ToolbarItem(monitor, trans, openSidebar);
      if (!panel.toolbar.insertBefore('kernelName', 'gospark', item)) {
        panel.toolbar.addItem('gospark', item);
      }
      return new DisposableDelegate(() => {
        monitors.delete(panel.id);
        monitor.dispose();
        item.dispose();
      });
    };
    tracker.forEach(follow);
    app.docRegistry.addWidgetExtension('Notebook', { createNew: follow });

    let tab: MainAreaWidget<MonitorPanel> | null = null;
    app.commands.addCommand(OPEN, {
      label: trans.__('Open the Spark monitor of this notebook'),
      icon: sparkIcon,
      isVisible: () => model() !== null,
      execute: () => {
        if (!tab || tab.isDisposed) {
          tab = new MainAreaWidget({ content: new MonitorPanel(tracker, monitors, trans) });
          tab.id = 'gospark-monitor-tab';
          tab.title.closable = true;
          tab.toolbar.hide();
        }
        showTab(app.shell, tab, 'split-bottom');
      }
    });
    palette?.addItem({ command: OPEN, category: 'Spark' });

    const model = (): MonitorModel | null => monitors.get(tracker.currentWidget?.id ?? '')?.model ?? null;
    /** What Spark does now for the cell below the pointer, else for the active one. */
    const work = (): IWork | null => {
      const node = app.contextMenuHitTest(n => n.classList.contains('jp-Cell'));
      const cells = tracker.currentWidget?.content;
      const cell = cells?.widgets.find(c => c.node === node) ?? cells?.activeCell;
      const found = cell ? model()?.ofCell(cell.model.id) : null;
      return found?.state === 'running' ? found : null;
    };
    app.commands.addCommand(CANCEL, {
      label: trans.__('Cancel what Spark does for this cell'),
      icon: sparkIcon,
      isVisible: () => model() !== null,
      isEnabled: () => work() !== null,
      execute: () => {
        const now = work();
        return now ? model()?.cancel(now) : undefined;
      }
    });
    palette?.addItem({ command: CANCEL, category: 'Spark' });
    app.contextMenu.addItem({ command: CANCEL, selector: CELL, rank: 100 });
    app.contextMenu.addItem({ command: OPEN, selector: CELL, rank: 101 });
  }
};
