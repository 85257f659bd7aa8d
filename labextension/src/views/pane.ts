import { Panel, Widget } from '@lumino/widgets';

/** Shows one thing at a time in a tab: a sentence, or what has been loaded. */
export class Pane extends Panel {
  /** Puts a sentence in place of what is shown. */
  protected say(words: string, role: 'status' | 'alert' = 'status'): void {
    const line = new Widget();
    line.addClass(role === 'alert' ? 'gs-Failure' : 'gs-hint');
    line.node.setAttribute('role', role);
    line.node.textContent = words;
    this.replace(line);
  }

  /** Puts a widget in place of what is shown, which ends. */
  protected replace(widget: Widget): void {
    for (const old of [...this.widgets]) {
      old.dispose();
    }
    this.addWidget(widget);
  }
}
