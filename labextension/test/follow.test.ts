import type { INotebookTracker } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { followNotebooks } from '../src/follow';
import type { SparkModel } from '../src/model';

/** An open notebook, and what it tells of itself. */
class FakePanel {
  readonly sessionContext = {
    kernelChanged: new Signal<object, void>({}),
    session: { kernel: { name: '' } }
  };
  readonly context = { pathChanged: new Signal<object, void>({}), localPath: '' };
  readonly disposed = new Signal<object, void>({});
  isDisposed = false;

  constructor(path: string, kernel: string) {
    this.context.localPath = path;
    this.sessionContext.session.kernel.name = kernel;
  }

  close(): void {
    this.isDisposed = true;
    this.disposed.emit();
  }
}

/** The notebooks of a page. */
class FakeTracker {
  readonly widgetAdded = new Signal<object, FakePanel>({});
  readonly currentChanged = new Signal<object, FakePanel | null>({});
  currentWidget: FakePanel | null = null;

  forEach(look: (panel: FakePanel) => void): void {
    if (this.currentWidget) {
      look(this.currentWidget);
    }
  }

  show(panel: FakePanel | null): void {
    this.currentWidget = panel;
    this.currentChanged.emit(panel);
  }
}

function follow(first: FakePanel | null): { tracker: FakeTracker; now: () => string } {
  const tracker = new FakeTracker();
  tracker.currentWidget = first;
  let now = '';
  const model = { follow: (kernel: unknown, name: string) => (now = kernel ? name : '') };
  followNotebooks(model as unknown as SparkModel, tracker as unknown as INotebookTracker);
  return { tracker, now: () => now };
}

describe('the notebook that the panel follows', () => {
  it('is the one in front, and stays while one of another kernel is there', () => {
    const [a, b, python] = [
      new FakePanel('folder/a.ipynb', 'gospark'),
      new FakePanel('b.ipynb', 'gospark'),
      new FakePanel('p.ipynb', 'python3')
    ];
    const { tracker, now } = follow(a);
    expect(now()).toBe('a.ipynb');
    tracker.widgetAdded.emit(b);
    tracker.show(b);
    expect(now()).toBe('b.ipynb');
    tracker.show(python);
    expect(now()).toBe('b.ipynb');
    b.close();
    expect(now()).toBe('');
    tracker.show(a);
    expect(now()).toBe('a.ipynb');
    tracker.show(null);
    expect(now()).toBe('');
  });

  it('follows a change of its kernel and of its name', () => {
    const a = new FakePanel('a.ipynb', 'python3');
    const { now } = follow(a);
    expect(now()).toBe('');
    a.sessionContext.session.kernel = { name: 'gospark' };
    a.sessionContext.kernelChanged.emit();
    expect(now()).toBe('a.ipynb');
    a.context.localPath = 'renamed.ipynb';
    a.context.pathChanged.emit();
    expect(now()).toBe('renamed.ipynb');
  });
});
