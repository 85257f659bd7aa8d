import * as React from 'react';
import { searchOptions } from '../draft';
import type { IOption } from '../protocol';
import { useScope } from './context';
import { Key } from './parts';

const MOST = 60;

/** Spark's properties to search in; the one that is chosen goes into the draft. */
export function OptionSearch(props: { onChoose: (key: string, value: string) => void }): React.JSX.Element {
  const { model, trans } = useScope();
  const [all, setAll] = React.useState<IOption[] | null>(null);
  const [text, setText] = React.useState('');
  React.useEffect(() => {
    let there = true;
    model.options().then(
      options => there && setAll(options),
      () => there && setAll([])
    );
    return () => {
      there = false;
    };
  }, [model]);
  const groups = React.useMemo(() => searchOptions(all ?? [], text, MOST), [all, text]);
  return (
    <div className="gs-Options">
      <input
        type="search"
        className="jp-mod-styled"
        aria-label={trans.__('Search the options')}
        placeholder={trans.__('Search %1 options', all?.length ?? '…')}
        disabled={all === null}
        value={text}
        spellCheck={false}
        onChange={event => setText(event.target.value)}
      />
      <div className="gs-OptionList" role="list" aria-label={trans.__('Options of Spark')} tabIndex={0}>
        {[...groups].map(([category, options]) => (
          <div key={category} role="listitem">
            <h4>{category}</h4>
            {options.map(option => (
              <button
                type="button"
                key={option.key}
                className="gs-Option"
                title={trans.__('Add %1', option.key)}
                onClick={() => props.onChoose(option.key, option.default)}
              >
                <Key name={option.key} />
                {option.default ? <span className="gs-default">{option.default}</span> : null}
                <span className="gs-about">{option.about}</span>
              </button>
            ))}
          </div>
        ))}
        {all && groups.size === 0 ? (
          <p className="gs-empty">{trans.__('Nothing has “%1” in it.', text)}</p>
        ) : null}
      </div>
    </div>
  );
}

/** The catalogue by key, asked for once. */
export function useCatalogue(): ReadonlyMap<string, IOption> {
  const { model } = useScope();
  const [byKey, setByKey] = React.useState<ReadonlyMap<string, IOption>>(new Map());
  React.useEffect(() => {
    let there = true;
    model.options().then(
      options => there && setByKey(new Map(options.map(o => [o.key, o]))),
      () => undefined
    );
    return () => {
      there = false;
    };
  }, [model]);
  return byKey;
}
