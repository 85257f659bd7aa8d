import { type Cell, CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { isGospark } from '../link';
import type { Links } from '../links';
import { CellView } from './cellview';
import { MonitorModel, type Unfold } from './model';

/**
 * The monitor of one open notebook: follows its kernel, and puts the work of each
 * cell under that cell. Cells are found by their ids, so it does not matter when,
 * or in which window, they were run.
 */
export class NotebookMonitor implements IDisposable {
  constructor(
    readonly panel: NotebookPanel,
    private readonly links: Links,
    private readonly trans: TranslationBundle,
    private readonly unfold: Unfold,
    private readonly onAll: () => void
  ) {
    panel.sessionContext.kernelChanged.connect(this.follow, this);
    panel.content.modelContentChanged.connect(this.later, this);
    panel.content.modelChanged.connect(this.later, this);
    panel.disposed.connect(this.dispose, this);
    this.follow();
  }

  /** Null while the notebook has no kernel of gospark. */
  get model(): MonitorModel | null {
    return this._model;
  }

  /** The model is another one, or has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Brings a notebook cell into sight; false where there is none of that id. */
  reveal(cellId: string): boolean {
    const at = this.panel.content.widgets.findIndex(c => c.model.id === cellId);
    if (at < 0) {
      return false;
    }
    this.panel.content.activeCellIndex = at;
    void this.panel.content.scrollToItem(at);
    return true;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    Signal.disconnectReceiver(this);
    this.leave();
    Signal.clearData(this);
  }

  private follow(): void {
    const kernel = this.panel.sessionContext.session?.kernel ?? null;
    this.leave();
    if (isGospark(kernel) && kernel) {
      this._model = new MonitorModel(this.links.of(kernel), this.unfold);
      this._model.changed.connect(this.look, this);
    }
    this._changed.emit();
  }

  private leave(): void {
    for (const view of this._views.values()) {
      view.dispose();
    }
    this._views.clear();
    this._model?.dispose();
    this._model = null;
  }

  private look(): void {
    this.later();
    this._changed.emit();
  }

  /** Cells come by the hundred when a notebook is opened: once is enough. */
  private later(): void {
    if (!this._waiting) {
      this._waiting = true;
      queueMicrotask(() => {
        this._waiting = false;
        this.place();
      });
    }
  }

  /** Gives each cell with work a view, and takes it from those without. */
  private place(): void {
    const model = this._model;
    if (this._isDisposed || !model) {
      return;
    }
    for (const [cell, view] of this._views) {
      if (cell.isDisposed || !model.ofCell(cell.model.id)) {
        view.dispose();
        this._views.delete(cell);
      }
    }
    const wanted = new Set(model.works.map(w => w.cellId).filter(id => model.ofCell(id)));
    for (const cell of this.panel.content.widgets) {
      if (cell instanceof CodeCell && wanted.has(cell.model.id) && !this._views.has(cell)) {
        this.show(cell, model);
      }
    }
  }

  private show(cell: CodeCell, model: MonitorModel): void {
    if (cell.isPlaceholder()) {
      void cell.ready.then(() => this.later()); // it has no place for a view yet
      return;
    }
    this._views.set(cell, new CellView(cell, model, this.trans, this.onAll));
    cell.outputArea.model.changed.connect(this.lookAtOutputs, this);
  }

  /** What was cleared takes the monitor with it. */
  private lookAtOutputs(outputs: CodeCell['outputArea']['model']): void {
    if (outputs.length === 0) {
      const cell = [...this._views.keys()].find(c => c instanceof CodeCell && c.outputArea.model === outputs);
      if (cell) {
        this._model?.clear(cell.model.id);
      }
    }
  }

  private _model: MonitorModel | null = null;
  private _waiting = false;
  private _isDisposed = false;
  private readonly _views = new Map<Cell, CellView>();
  private readonly _changed = new Signal<this, void>(this);
}
