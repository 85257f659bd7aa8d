import { MainAreaWidget, ToolbarButton } from '@jupyterlab/apputils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { IFrame, launchIcon, refreshIcon } from '@jupyterlab/ui-components';
import { sparkIcon } from '../icons';
import { failureOf, type SparkModel } from '../model';
import { PagesModel, wayToUI } from '../webui';
import { PagesPanel } from './pages';
import { Pane } from './pane';

/** The Spark Web UI where it can be reached from this page, else the built-in pages. */
export class WebUI extends Pane {
  constructor(
    private readonly model: SparkModel,
    private readonly settings: ServerConnection.ISettings,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('gs-WebUI');
    model.changed.connect(this.look, this);
    void this.load();
  }

  /** The address of the frame; empty for the built-in pages. */
  get address(): string {
    return this._address;
  }

  async load(): Promise<void> {
    const session = (this._session = this.session());
    this._address = '';
    const channel = this.model.current;
    if (!channel || !session) {
      this.say(
        this.trans.__(
          'Spark is not connected. Its Web UI comes with the server: run a query, or start Spark in its panel.'
        )
      );
      return;
    }
    this.say(this.trans.__('Opening the Spark Web UI…'));
    try {
      const way = await wayToUI(channel, this.settings);
      if (this.isDisposed || session !== this._session) {
        return;
      }
      if (way.url === '') {
        this.replace(new PagesPanel(new PagesModel(this.model), this.trans, way.proxy));
        return;
      }
      this._address = way.url;
      const frame = new IFrame({
        sandbox: ['allow-same-origin', 'allow-scripts', 'allow-forms', 'allow-popups', 'allow-downloads']
      });
      frame.node.querySelector('iframe')?.setAttribute('title', this.trans.__('Spark Web UI'));
      frame.url = way.url;
      this.replace(frame);
    } catch (why) {
      if (!this.isDisposed && session === this._session) {
        this.say(failureOf(why).message);
      }
    }
  }

  /** Another server has another Web UI. */
  private look(): void {
    if (this.session() !== this._session) {
      void this.load();
    }
  }

  private session(): string {
    const status = this.model.status;
    return status?.state === 'ready' ? `${status.server?.address ?? ''} ${status.session}` : '';
  }

  private _session = '';
  private _address = '';
}

/** The tab around it. */
export function webUITab(content: WebUI, trans: TranslationBundle): MainAreaWidget<WebUI> {
  const tab = new MainAreaWidget({ content });
  tab.id = 'gospark-webui-tab';
  tab.title.label = trans.__('Spark Web UI');
  tab.title.icon = sparkIcon;
  tab.title.closable = true;
  tab.toolbar.addItem(
    'reload',
    new ToolbarButton({
      icon: refreshIcon,
      tooltip: trans.__('Load it again'),
      onClick: () => void content.load()
    })
  );
  tab.toolbar.addItem(
    'browser',
    new ToolbarButton({
      icon: launchIcon,
      tooltip: trans.__('Open in a tab of the browser'),
      onClick: () => content.address && window.open(content.address, '_blank', 'noopener')
    })
  );
  return tab;
}
