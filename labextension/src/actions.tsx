import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { type INotebookTracker, NotebookActions, type NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ICatalogActions } from './catalogcommands';
import { CommandIDs } from './commands';
import { isGospark } from './link';
import { storeOf } from './stored';
import type { IActions } from './views/context';

/** What the panel has done in the rest of the page. */
export function makeActions(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  tracker: INotebookTracker | null,
  names: ICatalogActions
): IActions {
  const notebook = (): NotebookPanel | null => {
    const panel = tracker?.currentWidget ?? null;
    return isGospark(panel?.sessionContext.session?.kernel ?? null) ? panel : null;
  };
  return {
    insertName: sql => names.insertName(sql),
    preview: entry => names.preview(entry),
    openUI: () => void app.commands.execute(CommandIDs.ui),
    openLog: (profile = '') => void app.commands.execute(CommandIDs.log, { profile }),
    get insert() {
      const panel = notebook();
      if (!panel) {
        return null;
      }
      return (code: string) => {
        NotebookActions.insertBelow(panel.content);
        panel.content.activeCell?.model.sharedModel.setSource(code);
        panel.content.activate();
      };
    },
    get store() {
      const panel = notebook();
      return panel && storeOf(panel);
    },
    confirm: async (title, lines, accept) => {
      const { button } = await showDialog({
        title,
        body: (
          <div className="gs-DialogLines">
            {lines.filter(Boolean).map(line => (
              <p key={line}>{line}</p>
            ))}
          </div>
        ),
        buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label: accept })]
      });
      return button.accept;
    }
  };
}
