import { UsherError } from '../errors.ts';
import { type Connector, type Contact, type Credentials, neededSecrets } from './connector.ts';
import type { ListKind, ListPage, NoSuchGroup } from './contact-list.ts';
import type { Conversation } from './conversation.ts';
import { type Ask, aboutAccount, converse } from './converse.ts';
import { parsedAnswer } from './crm-answer.ts';
import { type CrmCallOptions, createCrmCall, type FetchToken } from './crm-call.ts';
import { ContactNotFound, CrmAnswerInvalid, CrmAuthError } from './crm-errors.ts';
import type { CrmPace } from './crm-pace.ts';
import type { Memory } from './memory.ts';
import { orInvalid } from './or-invalid.ts';

/** What Usher asks of a CRM, each by a conversation of its connector. */
export interface CrmClient {
  /**
   * @throws ContactNotFound when the CRM has no such contact
   * @throws CrmAuthError, CrmRateLimited, CrmUnavailable, CrmAnswerInvalid, all retryable
   */
  load(contactId: string): Promise<Contact>;
  /** The contact with exactly this address (searches may be fuzzy), or undefined. */
  loadByEmail(email: string): Promise<Contact | undefined>;
  /** @throws CrmWriteRefused when the CRM does not take the value, ContactNotFound when the contact is gone */
  writeField(contactId: string, field: string, value: string): Promise<void>;
  /**
   * One page of a list of contacts.
   *
   * @param of the tag or segment that is meant
   * @throws ContactNotFound when there is no such list; Error when this CRM has no lists of that kind
   */
  list(kind: ListKind, of: string, place?: string): Promise<ListPage | NoSuchGroup>;
  testCredentials(): Promise<void>;
  /** Names of the fields that contacts of the account can have. */
  fieldNames(): Promise<ReadonlySet<string>>;
}

export interface CrmClientOptions extends Omit<CrmCallOptions, 'limits'> {
  connector: Connector;
  /** The CRM's fields that are mapped. */
  wanted: readonly string[];
  /** What the conversations of the connection remember, kept by the process. */
  memory: Memory;
  /** Asked before every call. */
  pace?: CrmPace;
}

/** What ends sooner than this because the invocation's time was used up by others, says nothing of the CRM. In milliseconds. */
const fairMs = 1000;

/** Credentials without which no call is made. */
function expectWhole(known: Credentials, { secrets }: Connector): Credentials {
  const isMissing = neededSecrets(secrets).some((name) => !known[name]);
  if (isMissing) throw new CrmAuthError({ isMissing });
  return known;
}

/** Calls of one connector, at its connection's pace and outside of it. */
function createAsking(options: CrmClientOptions) {
  const { api, connector, memory, signal, now, pace } = options;
  const call = createCrmCall({
    ...options,
    limits: connector.limits,
    credentials: async (...asked) => expectWhole(await options.credentials(...asked), connector),
  });

  const talk = <Result>(conversation: Conversation<Result>, ask: Ask): Promise<Result> =>
    converse(conversation, ask, ({ remember, ask: question, isEnough }) =>
      memory.recall(
        remember,
        () => talk(question(), aboutAccount(ask)),
        (value) => orInvalid(() => isEnough(value)),
        now(),
      ),
    );

  const { signIn } = api;
  /** Whoever is asked for a token may end the one before by it: the answer is waited for, whatever the webhook's time. */
  const callForToken = createCrmCall({
    ...options,
    limits: connector.limits,
    signal: new AbortController().signal,
  });
  const forToken: Ask = async (request, goOn) =>
    goOn(parsedAnswer(await callForToken({ ...request, isSignIn: true }, false), request));
  const fetchToken: FetchToken | undefined =
    signIn && ((known) => talk(signIn(known), aboutAccount(forToken)));

  /** Only valid credentials can do this. Outside the pace, which asks for it. */
  const checkToken = async () => {
    await talk(
      api.check(),
      aboutAccount(async (request, goOn) =>
        goOn(parsedAnswer(await call(request, false, fetchToken), request)),
      ),
    );
  };

  /** One call, at the connection's pace. An answer that cannot be read counts as none. */
  const paced: Ask = async (request, goOn) => {
    const mayRepeat = (await pace?.admit(checkToken)) !== 'once';
    const began = now().getTime();
    let result: ReturnType<typeof goOn>;
    try {
      result = goOn(parsedAnswer(await call(request, mayRepeat, fetchToken), request));
    } catch (error) {
      const hadTime = !signal.aborted || now().getTime() - began >= fairMs;
      if (!(error instanceof UsherError) || !pace || !hadTime) throw error;
      throw await pace.failed(error, checkToken);
    }
    await pace?.succeeded();
    return result;
  };

  return {
    ofContact: <Result>(conversation: Conversation<Result>) => talk(conversation, paced),
    ofAccount: <Result>(conversation: Conversation<Result>) => talk(conversation, aboutAccount(paced)),
  };
}

/** Runs a connector against its CRM. */
export function createCrmClient(options: CrmClientOptions): CrmClient {
  const { api, connector, wanted } = options;
  const { ofContact, ofAccount } = createAsking(options);
  return {
    async load(contactId) {
      // Such an id never gets into a URL, where `.` and `search` mean something else.
      if (connector.contactId(contactId) === undefined) throw new ContactNotFound();
      const found = await ofContact(api.load({ id: contactId }, wanted));
      if (found.length === 0) throw new ContactNotFound();
      const contact = found.find(({ id }) => id === contactId);
      if (!contact) throw new CrmAnswerInvalid('it holds another contact');
      return contact;
    },
    async loadByEmail(email) {
      const sameAddress = email.toLowerCase();
      const found = await ofContact(api.load({ email }, wanted)).catch((error: unknown) => {
        if (error instanceof ContactNotFound) return [];
        throw error;
      });
      return found.find((contact) => contact.email?.toLowerCase() === sameAddress);
    },
    async writeField(contactId, field, value) {
      if (connector.contactId(contactId) === undefined) throw new ContactNotFound();
      await ofContact(api.write(contactId, field, value));
    },
    async list(kind, of, place) {
      const list = api.lists?.[kind];
      if (!list) throw new Error(`${connector.title} has no such list.`);
      return ofContact(list(of, place));
    },
    async testCredentials() {
      await ofAccount(api.check());
    },
    async fieldNames() {
      return new Set(await ofAccount(api.fields()));
    },
  };
}
