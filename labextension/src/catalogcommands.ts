import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, type ICommandPalette, type MainAreaWidget, Notification } from '@jupyterlab/apputils';
import { type INotebookTracker, NotebookActions } from '@jupyterlab/notebook';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CatalogModel } from './catalogmodel';
import { type IEntry, isTable } from './catalogprotocol';
import { CommandIDs } from './commands';
import { sparkIcon } from './icons';
import type { SparkModel } from './model';
import { TREE } from './views/catalog';
import type { SparkPanel } from './views/panel';
import { showTab } from './tabs';
import { Preview, previewTab } from './views/preview';

/** What can be done with a name of the catalog. */
export interface ICatalogActions {
  insertName(sql: string): void;
  preview(entry: IEntry): void;
}

/** Writes into the current cell of the notebook, and opens tables in tabs. */
export function makeCatalogActions(
  app: JupyterFrontEnd,
  model: SparkModel,
  trans: TranslationBundle,
  tracker: INotebookTracker | null,
  rendermime: IRenderMimeRegistry
): ICatalogActions {
  const tabs = new Map<string, MainAreaWidget<Preview>>();
  return {
    insertName: sql => {
      const panel = tracker?.currentWidget;
      if (!panel) {
        Clipboard.copyToSystem(sql);
        Notification.info(trans.__('No notebook is open: %1 was copied.', sql), { autoClose: 3000 });
        return;
      }
      if (panel.content.activeCell?.model.type !== 'code') {
        NotebookActions.insertBelow(panel.content);
      }
      app.shell.activateById(panel.id);
      panel.content.mode = 'edit';
      panel.content.activeCell?.editor?.replaceSelection?.(sql);
      panel.content.activeCell?.editor?.focus();
    },
    preview: entry => {
      let tab = tabs.get(entry.sql);
      if (!tab || tab.isDisposed) {
        const rows = new Preview(entry, () => model.current, rendermime, trans);
        tab = previewTab(rows, entry, trans);
        tabs.set(entry.sql, tab);
      } else {
        void tab.content.load();
      }
      showTab(app.shell, tab, 'split-bottom');
    }
  };
}

/** Registers the commands of the tree, and its context menu. */
export function addCatalogCommands(
  app: JupyterFrontEnd,
  catalog: CatalogModel,
  panel: SparkPanel,
  actions: ICatalogActions,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  const { commands } = app;
  const entry = (): IEntry | null => catalog.selected?.entry ?? null;
  commands.addCommand(CommandIDs.catalog, {
    label: trans.__('Open the catalog of tables'),
    icon: sparkIcon,
    execute: () => {
      app.shell.activateById(panel.id);
      panel.choose('catalog');
    }
  });
  palette?.addItem({ command: CommandIDs.catalog, category: 'Spark' });
  const add = (
    id: string,
    label: string,
    act: (one: IEntry) => void,
    fits: (one: IEntry) => boolean
  ): void => {
    commands.addCommand(id, {
      label,
      execute: () => {
        const one = entry();
        if (one) {
          act(one);
        }
      },
      isEnabled: () => entry() !== null,
      isVisible: () => {
        const one = entry();
        return one !== null && fits(one);
      }
    });
    app.contextMenu.addItem({ command: id, selector: `.${TREE}` });
  };
  const any = (): boolean => true;
  add(
    CommandIDs.preview,
    trans.__('Preview rows'),
    one => actions.preview(one),
    one => isTable(one.kind)
  );
  add(CommandIDs.insertName, trans.__('Write name into the cell'), one => actions.insertName(one.sql), any);
  add(CommandIDs.copyName, trans.__('Copy name'), one => Clipboard.copyToSystem(one.sql), any);
}
