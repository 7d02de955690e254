import type { ComponentChildren } from 'preact';

interface FieldProps<Value> {
  label: ComponentChildren;
  value: Value;
  onChange: (value: Value) => void;
}

/** A value of a choice; with what it is called, where that is something else. */
type Option<Value extends string> = Value | readonly [value: Value, title: string];

/** One of several. */
export function Select<Value extends string>({
  label,
  value,
  onChange,
  options,
  wide = false,
}: FieldProps<Value> & { options: readonly Option<Value>[]; wide?: boolean }) {
  return (
    <label class={wide ? 'grow' : undefined}>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map((option) => {
          const [name, title] = typeof option === 'string' ? [option, option] : option;
          return (
            <option key={name} value={name}>
              {title}
            </option>
          );
        })}
      </select>
    </label>
  );
}

/** Yes or no. */
export function Check({ label, value, onChange }: FieldProps<boolean>) {
  return (
    <label class="check">
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

/** A line of text. What is typed is remembered by no browser: it may be somebody's. */
export function TextField({
  label,
  value,
  onChange,
  id,
  required = false,
}: FieldProps<string> & { id?: string; required?: boolean }) {
  return (
    <label class="grow">
      {label}
      <input
        id={id}
        autocomplete="off"
        required={required}
        pattern={required ? '.*\\S.*' : undefined}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

/** Several lines of text. */
export function TextArea({ label, value, onChange, rows }: FieldProps<string> & { rows: number }) {
  return (
    <label>
      {label}
      <textarea
        rows={rows}
        spellcheck={false}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

/** Fields in a row with a button, which Enter presses. */
export function Form({ onSend, children }: { onSend: () => void; children: ComponentChildren }) {
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      {children}
    </form>
  );
}
