import { useState } from 'preact/hooks';
import { configSnippet } from './config-snippet.ts';
import { Copy } from './copy.tsx';
import { Check } from './fields.tsx';
import { useLoaded } from './use-loaded.ts';

interface Fields {
  title: string;
  mapped: { key: string; field: string; type: string; isThere: boolean }[];
  others: string[];
}

function Mapped({ title, mapped }: Pick<Fields, 'title' | 'mapped'>) {
  return (
    <div class="table" tabIndex={0} role="region" aria-label="The field map">
      <table>
        <thead>
          <tr>
            <th scope="col">Here</th>
            <th scope="col">In {title}</th>
            <th scope="col">Type</th>
            <th scope="col">There?</th>
          </tr>
        </thead>
        <tbody>
          {mapped.map(({ key, field, type, isThere }) => (
            <tr key={key}>
              <td>{key}</td>
              <td>{field}</td>
              <td>{type}</td>
              <td>{isThere ? 'yes' : 'not listed'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The CRM's fields beside the field map, and a piece for `usher.config.ts`. */
export function FieldMap({ name }: { name: string }) {
  const { data, error } = useLoaded<Fields>(`setup/${encodeURIComponent(name)}/fields`);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (field: string) =>
    setChosen(chosen.includes(field) ? chosen.filter((one) => one !== field) : [...chosen, field]);
  const snippet = configSnippet(chosen, data?.mapped.map(({ key }) => key) ?? []);
  return (
    <section>
      <h2>Fields</h2>
      {error !== '' && <p role="alert">{error}</p>}
      {!data && error === '' && <p class="soft">Asking the CRM …</p>}
      {data && (
        <>
          <Mapped title={data.title} mapped={data.mapped} />
          <fieldset>
            <legend>Further fields of {data.title}: choose some for usher.config.ts</legend>
            <div class="choices">
              {data.others.map((field) => (
                <Check
                  key={field}
                  label={field}
                  value={chosen.includes(field)}
                  onChange={() => toggle(field)}
                />
              ))}
            </div>
          </fieldset>
        </>
      )}
      {chosen.length > 0 && (
        <>
          <pre>{snippet}</pre>
          <p class="buttons">
            <Copy text={() => snippet} />
          </p>
        </>
      )}
    </section>
  );
}
