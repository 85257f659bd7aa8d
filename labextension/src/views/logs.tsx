import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { sparkIcon } from '../icons';
import { Level, type LogModel } from '../logmodel';
import { type IWindow, ROW, windowAt } from '../window';

/** The log of the Spark server in a tab. */
export class LogPanel extends ReactWidget {
  constructor(
    private readonly model: LogModel,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.id = 'gospark-log';
    this.addClass('gs-LogPanel');
    this.name();
    this.title.icon = sparkIcon;
    this.title.closable = true;
  }

  /** Goes on with the log of another profile's server. */
  follow(profile: string): void {
    this.model.show(profile);
    this.name();
  }

  private name(): void {
    const { profile } = this.model;
    this.title.label = profile ? this.trans.__('Spark log: %1', profile) : this.trans.__('Spark log');
  }

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  protected override render(): React.JSX.Element {
    return (
      <UseSignal signal={this.model.changed}>{() => <Log model={this.model} trans={this.trans} />}</UseSignal>
    );
  }
}

interface ILogProps {
  model: LogModel;
  trans: TranslationBundle;
}

function Log({ model, trans }: ILogProps): React.JSX.Element {
  const [filter, setFilter] = React.useState('');
  const [least, setLeast] = React.useState(Level.None);
  const [query, setQuery] = React.useState('');
  const [marked, setMarked] = React.useState(-1);
  const [follow, setFollow] = React.useState(true);
  React.useEffect(() => model.filter(filter, least), [model, filter, least]);
  const go = (at: number): void => {
    if (at >= 0) {
      setFollow(false);
      setMarked(at);
    }
  };
  const search = (step: 1 | -1): void => go(model.search(query, marked + step, step));
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([model.text()], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'spark-server.log';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <div className="gs-LogBar" role="toolbar" aria-label={trans.__('Spark log')}>
        <input
          className="jp-mod-styled"
          type="search"
          placeholder={trans.__('Show only lines with…')}
          aria-label={trans.__('Show only lines with…')}
          value={filter}
          onChange={event => setFilter(event.target.value)}
        />
        <select
          className="jp-mod-styled"
          aria-label={trans.__('Level')}
          value={least}
          onChange={event => setLeast(Number(event.target.value))}
        >
          <option value={Level.None}>{trans.__('all levels')}</option>
          <option value={Level.Info}>{trans.__('INFO and graver')}</option>
          <option value={Level.Warn}>{trans.__('WARN and graver')}</option>
          <option value={Level.Error}>ERROR</option>
        </select>
        <input
          className="jp-mod-styled"
          type="search"
          placeholder={trans.__('Search')}
          aria-label={trans.__('Search')}
          value={query}
          onChange={event => setQuery(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && search(event.shiftKey ? -1 : 1)}
        />
        <Tool label="↑" title={trans.__('Former match (Shift+Enter)')} onClick={() => search(-1)} />
        <Tool label="↓" title={trans.__('Next match (Enter)')} onClick={() => search(1)} />
        <Tool label={trans.__('Next error')} onClick={() => go(model.nextError(marked + 1))} />
        <label className="gs-check">
          <input type="checkbox" checked={follow} onChange={event => setFollow(event.target.checked)} />
          {trans.__('Follow')}
        </label>
        <Tool label={trans.__('Clear')} onClick={() => model.clear()} />
        <Tool label={trans.__('Download')} onClick={download} />
        <span className="gs-count" role="status">
          {model.length === model.total
            ? trans.__('%1 lines', model.total.toLocaleString())
            : trans.__('%1 of %2 lines', model.length.toLocaleString(), model.total.toLocaleString())}
          {model.loading ? ` · ${trans.__('more is coming')}` : ''}
        </span>
      </div>
      {model.failure ? <p className="gs-remark gs-mod-error">{model.failure}</p> : null}
      {model.total === 0 && !model.failure ? (
        <p className="gs-empty">
          {model.connected
            ? trans.__('The server has written nothing yet.')
            : trans.__('Open a notebook of Go (Spark), or start Spark in its panel, to see the log.')}
        </p>
      ) : null}
      <Lines
        model={model}
        query={query.toLowerCase()}
        marked={marked}
        follow={follow}
        onScrolled={setFollow}
      />
    </>
  );
}

function Tool(props: { label: string; title?: string; onClick: () => void }): React.JSX.Element {
  return (
    <button
      type="button"
      className="jp-mod-styled jp-mod-reject gs-Button"
      title={props.title}
      onClick={props.onClick}
    >
      {props.label}
    </button>
  );
}

interface ILinesProps {
  model: LogModel;
  query: string;
  marked: number;
  follow: boolean;
  onScrolled: (atEnd: boolean) => void;
}

/** Only the lines that are in sight are in the page. */
function Lines(props: ILinesProps): React.JSX.Element {
  const { model, query, marked, follow, onScrolled } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const [top, setTop] = React.useState(0);
  const [height, setHeight] = React.useState(0);
  const now: IWindow = windowAt(model.length, height, top);
  React.useLayoutEffect(() => {
    const node = box.current;
    if (!node) {
      return undefined;
    }
    const observer = new ResizeObserver(() => setHeight(node.clientHeight));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  React.useLayoutEffect(() => {
    if (box.current && follow) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  });
  React.useLayoutEffect(() => {
    if (box.current && marked >= 0) {
      box.current.scrollTop = now.topOf(Math.max(0, marked - Math.floor(now.rows / 3)));
    }
    // A mark moves the window once; that the window moves later is the person's wish.
    // (The marked line alone decides.)
  }, [marked]);
  const scroll = (): void => {
    const node = box.current;
    if (node) {
      const atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < ROW;
      if (atEnd !== follow && node.scrollTop !== top) {
        onScrolled(atEnd);
      }
      setTop(node.scrollTop);
    }
  };
  const rows: React.JSX.Element[] = [];
  for (let at = now.first; at < Math.min(model.length, now.first + now.rows); at++) {
    rows.push(
      <div
        key={at}
        className={`gs-Line gs-mod-level${model.level(at)}${at === marked ? ' gs-mod-marked' : ''}`}
      >
        <Marked text={model.line(at)} query={query} />
      </div>
    );
  }
  return (
    <div ref={box} className="gs-Lines" onScroll={scroll} tabIndex={0} role="log" aria-live="off">
      <div style={{ height: now.height }}>
        <div className="gs-Window" style={{ transform: `translateY(${-now.shift}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

/** A line with what is searched for marked. */
function Marked(props: { text: string; query: string }): React.JSX.Element {
  const { text, query } = props;
  const at = query ? text.toLowerCase().indexOf(query) : -1;
  if (at < 0) {
    return <>{text || ' '}</>;
  }
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  );
}
