import { refreshIcon, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { iconOf } from '../catalogicons';
import { type CatalogModel, type INode, isOpenable } from '../catalogmodel';
import { isTable } from '../catalogprotocol';
import { useScope } from './context';
import { Button, Section } from './parts';

/** Where the commands of the tree's context menu are for. */
export const TREE = 'gs-Tree';

/** The tab with the tree of catalogs. */
export function Catalog(): React.JSX.Element {
  const { catalog } = useScope();
  return <UseSignal signal={catalog.changed}>{() => <View />}</UseSignal>;
}

function View(): React.JSX.Element {
  const { catalog, trans } = useScope();
  const [text, setText] = React.useState(catalog.text);
  if (!catalog.connected) {
    return <Without />;
  }
  return (
    <>
      <div className="gs-CatalogBar">
        <input
          className="jp-mod-styled"
          type="search"
          placeholder={trans.__('Search the catalog')}
          aria-label={trans.__('Search the catalog')}
          value={text}
          onChange={event => {
            setText(event.target.value);
            catalog.search(event.target.value);
          }}
        />
        <button
          type="button"
          className="gs-Icon"
          title={trans.__('Read the catalog anew')}
          aria-label={trans.__('Read the catalog anew')}
          onClick={() => void catalog.refresh()}
        >
          <refreshIcon.react tag="span" width="16px" />
        </button>
      </div>
      <Tree catalog={catalog} />
      <Note catalog={catalog} />
    </>
  );
}

/** Without a session there is no catalog; nothing is started by looking at one. */
function Without(): React.JSX.Element {
  const { model, trans } = useScope();
  const connecting = model.status?.state === 'connecting';
  return (
    <Section title={trans.__('Catalog')}>
      <p className="gs-hint">
        {connecting
          ? trans.__('Spark is starting; the catalog comes with the session.')
          : trans.__('Tables and views are those of a session, which the first query of a notebook makes.')}
      </p>
      {connecting ? null : (
        <div className="gs-Buttons">
          <Button
            kind="accept"
            label={trans.__('Start Spark')}
            disabled={model.busy}
            onClick={() => void model.again()}
          />
        </div>
      )}
    </Section>
  );
}

/** What the tree itself cannot say. */
function Note(props: { catalog: CatalogModel }): React.JSX.Element {
  const { trans } = useScope();
  const { root, text, unseen } = props.catalog;
  let note = '';
  if (root.failure) {
    return <p className="gs-remark gs-mod-error gs-CatalogNote">{root.failure}</p>;
  }
  if (root.loading && !root.children?.length) {
    note = text ? trans.__('Searching…') : trans.__('Reading the catalog…');
  } else if (text && root.children?.length === 0) {
    note = trans.__('Nothing has “%1” in its name. Columns are found once their table was opened.', text);
  } else if (root.left > 0) {
    note = trans.__('%1 more', root.left);
  } else if (!text) {
    note = trans.__('Double click or Enter writes a name into the current cell; names can be dragged, too.');
  }
  return (
    <p className="gs-hint gs-CatalogNote" role="status">
      {note}
      {unseen > 0 ? ` ${trans.__('%1 schemas were not read: search again to go on.', unseen)}` : ''}
    </p>
  );
}

function Tree(props: { catalog: CatalogModel }): React.JSX.Element | null {
  const { catalog } = props;
  const { trans, actions } = useScope();
  const rows = catalog.rows;
  const selected = catalog.selected;
  if (rows.length === 0) {
    return null;
  }
  const keys: Record<string, () => void> = {
    ArrowDown: () => catalog.step(1),
    ArrowUp: () => catalog.step(-1),
    PageDown: () => catalog.step(10),
    PageUp: () => catalog.step(-10),
    Home: () => catalog.step(-rows.length),
    End: () => catalog.step(rows.length),
    ArrowRight: () => catalog.enter(),
    ArrowLeft: () => catalog.leave(),
    Enter: () => selected && act(selected),
    ' ': () => selected && catalog.toggle(selected)
  };
  const act = (one: INode): void => {
    if (one.entry && (isTable(one.entry.kind) || one.entry.kind === 'column')) {
      actions.insertName(one.entry.sql);
    } else {
      catalog.toggle(one);
    }
  };
  return (
    <div
      className={TREE}
      role="tree"
      tabIndex={0}
      aria-label={trans.__('Catalog')}
      aria-activedescendant={selected ? idOf(selected) : undefined}
      onFocus={() => selected ?? catalog.step(1)}
      onKeyDown={event => {
        const key = keys[event.key];
        if (key && !event.altKey && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          key();
        }
      }}
    >
      {rows.map(one => (
        <Row key={one.key} one={one} catalog={catalog} selected={one === selected} onAct={() => act(one)} />
      ))}
    </div>
  );
}

function idOf(one: INode): string {
  return `gs-tree-${one.key}`;
}

function Row(props: {
  one: INode;
  catalog: CatalogModel;
  selected: boolean;
  onAct: () => void;
}): React.JSX.Element {
  const { one, catalog, selected } = props;
  const { trans, actions } = useScope();
  const row = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    if (selected) {
      row.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [selected]);
  const entry = one.entry;
  const holds = entry === null || entry.kind === 'catalog' || entry.kind === 'schema';
  const icon = iconOf(entry?.kind);
  const place = catalog.text && entry ? entry.table || entry.path.join('.') : '';
  return (
    <div
      ref={row}
      id={idOf(one)}
      role="treeitem"
      aria-level={one.level}
      aria-expanded={isOpenable(one) ? one.open : undefined}
      aria-selected={selected}
      className={`gs-Row${selected ? ' gs-mod-selected' : ''}${entry?.current ? ' gs-mod-current' : ''}`}
      style={{ paddingLeft: 4 + 14 * (one.level - 1) }}
      title={entry ? [entry.sql, entry.type || entry.kind].join('\n') : undefined}
      draggable={entry !== null}
      onMouseDown={() => catalog.select(one)}
      onClick={() => holds && catalog.toggle(one)}
      onDoubleClick={() => holds || props.onAct()}
      onDragStart={event => {
        event.dataTransfer.setData('text/plain', entry?.sql ?? '');
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      <span
        className={`gs-twisty${isOpenable(one) ? (one.open ? ' gs-mod-open' : '') : ' gs-mod-none'}`}
        onClick={event => {
          event.stopPropagation();
          catalog.toggle(one);
        }}
      />
      <icon.react tag="span" className="gs-kind" width="14px" />
      <span className="gs-name">{entry ? entry.name : trans.__('Temporary views')}</span>
      <span className="gs-about">
        {[entry?.type, place, one.loading && !one.children ? '…' : '', moreOf(one)]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {entry && isTable(entry.kind) ? (
        <button
          type="button"
          className="gs-Peek"
          tabIndex={-1}
          title={trans.__('Show the first 100 rows of %1', entry.name)}
          onClick={event => {
            event.stopPropagation();
            actions.preview(entry);
          }}
        >
          {trans.__('Preview')}
        </button>
      ) : null}
      {one.failure && one.open ? <span className="gs-remark gs-mod-error">{one.failure}</span> : null}
    </div>
  );
}

function moreOf(one: INode): string {
  return one.open && one.left > 0 ? `+${one.left}` : '';
}
