import type { Kernel } from '@jupyterlab/services';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { isGospark } from './link';
import type { SparkModel } from './model';

/**
 * Keeps the model at the kernel of the notebook that is in front. While a notebook of another
 * kernel is in front, the last one of ours stays, as long as it is open and has its kernel.
 */
export function followNotebooks(model: SparkModel, tracker: INotebookTracker): void {
  let followed: NotebookPanel | null = null;
  const look = (): void => {
    const front = tracker.currentWidget;
    if (front && oursOf(front)) {
      followed = front;
    } else if (!front || !followed || !oursOf(followed)) {
      followed = null;
    }
    const kernel = followed && oursOf(followed);
    model.follow(kernel, followed?.context.localPath.split('/').pop() ?? '');
  };
  const watch = (panel: NotebookPanel): void => {
    panel.sessionContext.kernelChanged.connect(look);
    panel.context.pathChanged.connect(look);
    panel.disposed.connect(look);
  };
  tracker.forEach(watch);
  tracker.widgetAdded.connect((_, panel) => watch(panel));
  tracker.currentChanged.connect(look);
  look();
}

/** The kernel of gospark that an open notebook has. */
function oursOf(panel: NotebookPanel): Kernel.IKernelConnection | null {
  const kernel = panel.isDisposed ? null : (panel.sessionContext.session?.kernel ?? null);
  return isGospark(kernel) ? kernel : null;
}
