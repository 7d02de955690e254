import { valuesOf } from '../line-filter.ts';
import { want, wish } from './address.ts';
import { Select } from './fields.tsx';
import { lines } from './lines.ts';

const times = [
  ['', 'all that was read'],
  ['15m', 'last 15 minutes'],
  ['1h', 'last hour'],
  ['6h', 'last 6 hours'],
  ['1d', 'last day'],
  ['7d', 'last 7 days'],
] as const;

function Choice({ name, label }: { name: 'result' | 'action' | 'connection'; label: string }) {
  const value = wish.value[name];
  const values = new Set([...valuesOf(lines.value, name), ...(value === '' ? [] : [value])]);
  const change = (chosen: string) => want({ [name]: chosen });
  return <Select label={label} value={value} onChange={change} options={[['', 'all'], ...values]} />;
}

/** Which lines are wanted: words, choices and time. */
export function Filters() {
  const { q, since, from, to } = wish.value;
  const isKnown = times.some(([value]) => value === since);
  return (
    <search class="filters">
      <label class="grow">
        Search
        <input
          id="search"
          type="search"
          placeholder="all words"
          value={q}
          onInput={(event) => want({ q: event.currentTarget.value })}
        />
      </label>
      <Choice name="result" label="Result" />
      <Choice name="action" label="Action" />
      <Choice name="connection" label="Connection" />
      <Select
        label="Time"
        value={since}
        onChange={(chosen) => want({ since: chosen, from: '', to: '' })}
        options={isKnown ? times : [...times, since]}
      />
      {from + to !== '' && (
        <button type="button" class="small" onClick={() => want({ from: '', to: '' })}>
          Whole time
        </button>
      )}
    </search>
  );
}
