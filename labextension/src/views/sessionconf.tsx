import * as React from 'react';
import { checkValue } from '../draft';
import { failureOf } from '../model';
import type { IFailure, ISessionConf, IStatus } from '../protocol';
import { type ISettingRow, settingRows } from '../sessionconf';
import { useScope } from './context';
import { useCatalogue } from './options';
import { FailureBox, Key, Section } from './parts';

const MOST = 60;

/** The settings of the running session, to search and to change; asked for when they are opened. */
export function SessionConf(props: { status: IStatus }): React.JSX.Element {
  const { trans } = useScope();
  const [isOpen, setOpen] = React.useState(false);
  return (
    <Section title={trans.__('Settings')}>
      <details className="gs-SessionConf" onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>{trans.__('Of this notebook’s session')}</summary>
        {isOpen ? <Settings status={props.status} /> : null}
      </details>
    </Section>
  );
}

function Settings(props: { status: IStatus }): React.JSX.Element {
  const { model, trans } = useScope();
  const catalogue = useCatalogue();
  const [conf, setConf] = React.useState<ISessionConf | null>(null);
  const [failure, setFailure] = React.useState<IFailure | null>(null);
  const [text, setText] = React.useState('');
  const [version, read] = React.useReducer((n: number) => n + 1, 0);
  const { session, ended } = props.status; // a cell that has ended may have set something
  React.useEffect(() => {
    let there = true;
    model.conf().then(
      all => {
        if (there) {
          setConf(all);
          setFailure(null);
        }
      },
      (why: unknown) => there && setFailure(failureOf(why))
    );
    return () => {
      there = false;
    };
  }, [model, session, ended, version]);
  const rows = React.useMemo(() => (conf ? settingRows(conf, catalogue, text) : []), [conf, catalogue, text]);
  if (failure) {
    return <FailureBox failure={failure} />;
  }
  if (!conf) {
    return <p className="gs-empty">{trans.__('Asking Spark…')}</p>;
  }
  return (
    <>
      <input
        type="search"
        className="jp-mod-styled"
        aria-label={trans.__('Search the settings')}
        placeholder={trans.__('Search %1 settings', conf.settings.length + conf.unset.length)}
        value={text}
        spellCheck={false}
        onChange={event => setText(event.target.value)}
      />
      <ul className="gs-SettingList" aria-label={trans.__('Settings of the session')} tabIndex={0}>
        {rows.slice(0, MOST).map(row => (
          <Setting key={row.key} row={row} onChanged={read} />
        ))}
      </ul>
      {rows.length === 0 ? (
        <p className="gs-empty">{trans.__('Nothing has “%1” in it.', text)}</p>
      ) : rows.length > MOST ? (
        <p className="gs-empty">{trans.__('%1 more; search for them.', rows.length - MOST)}</p>
      ) : text === '' ? (
        <p className="gs-empty">{trans.__('Another %1 have their defaults.', conf.unset.length)}</p>
      ) : null}
    </>
  );
}

/** One setting: a click on its value changes it, where that is possible. */
function Setting(props: { row: ISettingRow; onChanged: () => void }): React.JSX.Element {
  const { model, trans } = useScope();
  const { key, value, state, hidden, option } = props.row;
  const [edited, setEdited] = React.useState<string | null>(null);
  const [failure, setFailure] = React.useState<IFailure | null>(null);
  const [isUnknown, setUnknown] = React.useState(false);
  const change = async (to: string | null): Promise<void> => {
    setFailure(null);
    try {
      setUnknown((await model.setConf(key, to)).includes(key));
      setEdited(null);
      props.onChanged();
    } catch (why) {
      setFailure(failureOf(why));
    }
  };
  const shown = hidden ? trans.__('(hidden)') : value || trans.__('(empty)');
  const remark = edited === null ? null : checkValue(option, edited);
  return (
    <li className={`gs-Setting gs-mod-${state}`}>
      <Key name={key} />
      {edited !== null ? (
        <form
          onSubmit={event => {
            event.preventDefault();
            void change(edited);
          }}
          onKeyDown={event => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              setEdited(null);
              setFailure(null);
            }
          }}
        >
          <input
            className="jp-mod-styled"
            aria-label={key}
            aria-invalid={failure !== null}
            value={edited}
            autoFocus
            spellCheck={false}
            onChange={event => setEdited(event.target.value)}
          />
          <button type="submit" className="jp-mod-styled jp-mod-accept gs-Button">
            {trans.__('Set')}
          </button>
        </form>
      ) : state === 'fixed' ? (
        <span
          className="gs-value"
          title={trans.__('It was set when the server started, and stays until it is restarted.')}
        >
          {shown}
        </span>
      ) : (
        <span className="gs-Setting-now">
          <button
            type="button"
            className="gs-value"
            title={trans.__('Change it')}
            aria-label={trans.__('%1 is %2: change it', key, shown)}
            onClick={() => setEdited(hidden ? '' : value)}
          >
            {shown}
          </button>
          {state === 'set' ? (
            <button
              type="button"
              className="gs-close"
              title={trans.__('Give it its default again')}
              aria-label={trans.__('Give %1 its default again', key)}
              onClick={() => void change(null)}
            >
              ×
            </button>
          ) : null}
        </span>
      )}
      {edited !== null && option ? <p className="gs-hint">{option.about}</p> : null}
      {remark ? <p className="gs-remark gs-mod-warning">{trans.__(remark.text, ...remark.args)}</p> : null}
      {failure ? (
        <p className="gs-remark gs-mod-error" role="alert">
          {failure.message}
        </p>
      ) : null}
      {isUnknown ? (
        <p className="gs-remark gs-mod-warning" role="status">
          {trans.__('Spark took it, but knows no setting of that name.')}
        </p>
      ) : null}
    </li>
  );
}
