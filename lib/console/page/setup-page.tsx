import { Doctor } from './doctor.tsx';
import { FieldMap } from './field-map.tsx';
import { Select } from './fields.tsx';
import { SendTest } from './send-test.tsx';
import { about } from './server.ts';
import { UrlBuilder } from './url-builder.tsx';
import { useChosen } from './use-chosen.ts';

/** What has to be pasted into a CRM, and whether it works. */
export function SetupPage() {
  const connections = about.value?.connections ?? [];
  const [name, choose] = useChosen(connections.map((one) => one.name));
  const titles = connections.map(
    (one) => [one.name, one.name === one.crm ? one.name : `${one.name} (${one.crm})`] as const,
  );
  return (
    <>
      <h1>Setup</h1>
      <div class="chosen">
        <Select label="Connection" value={name ?? ''} onChange={choose} options={titles} />
      </div>
      {name !== undefined && (
        <div key={name}>
          <UrlBuilder name={name} />
          <SendTest name={name} />
          <FieldMap name={name} />
        </div>
      )}
      <Doctor />
    </>
  );
}
