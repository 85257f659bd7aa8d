import { ToolbarButton, MainAreaWidget } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import { iconOf } from '../catalogicons';
import { decodePreview, type IEntry } from '../catalogprotocol';
import type { Channel } from '../channel';
import { failureOf } from '../model';
import { Pane } from './pane';

/** The first rows of a table, drawn as a cell would show them. Closing it stops the query. */
export class Preview extends Pane {
  constructor(
    private readonly entry: IEntry,
    private readonly channel: () => Channel | null,
    private readonly rendermime: IRenderMimeRegistry,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('gs-Preview');
    this.addClass('jp-RenderedHTMLCommon');
    this.node.tabIndex = 0;
    void this.load();
  }

  async load(): Promise<void> {
    this._asking.abort();
    const asking = (this._asking = new AbortController());
    this.say(this.trans.__('Reading %1…', this.entry.sql), 'status');
    try {
      const channel = this.channel();
      if (!channel) {
        throw new Error(this.trans.__('The notebook is not connected to Spark.'));
      }
      const data = await channel.ask('preview', { table: this.entry.sql }, decodePreview, asking.signal);
      if (asking.signal.aborted || this.isDisposed) {
        return;
      }
      const type = data['text/html'] ? 'text/html' : 'text/plain';
      const renderer = this.rendermime.createRenderer(type);
      this.replace(renderer);
      await renderer.renderModel(this.rendermime.createModel({ data, trusted: true }));
    } catch (why) {
      if (!asking.signal.aborted && !this.isDisposed) {
        this.say(failureOf(why).message, 'alert');
      }
    }
  }

  override dispose(): void {
    this._asking.abort();
    super.dispose();
  }

  private _asking = new AbortController();
}

/** The tab around it. */
export function previewTab(
  preview: Preview,
  entry: IEntry,
  trans: TranslationBundle
): MainAreaWidget<Preview> {
  const tab = new MainAreaWidget({ content: preview });
  tab.id = `gospark-preview-${entry.sql}`;
  tab.title.label = entry.name;
  tab.title.caption = trans.__('The first rows of %1', entry.sql);
  tab.title.icon = iconOf(entry.kind);
  tab.title.closable = true;
  tab.toolbar.addItem(
    'refresh',
    new ToolbarButton({
      icon: refreshIcon,
      tooltip: trans.__('Read the rows anew'),
      onClick: () => void preview.load()
    })
  );
  return tab;
}
