import { UsherError } from '../errors.ts';
import type { Connector, Contact, Credentials, SignIn } from './connector.ts';
import type { Conversation, Remembered } from './conversation.ts';
import { parsedAnswer, type SentRequest } from './crm-answer.ts';
import { type CrmCallOptions, createCrmCall } from './crm-call.ts';
import { ContactNotFound, CrmAnswerInvalid, CrmAuthError } from './crm-errors.ts';
import type { CrmPace } from './crm-pace.ts';
import type { Memory } from './memory.ts';

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

/** Sends one request and goes on with its answer, which it returns as the conversation's next step. */
type Ask = <Next>(request: SentRequest, goOn: (answer: unknown) => Next) => Promise<Next>;

/** What ends sooner than this because the invocation's time was used up by others, says nothing of the CRM. In milliseconds. */
const fairMs = 1000;

/** No question takes more calls; one that never ends must not keep us for ever. */
const mostCalls = 100;

/** What a connector throws says that the answer has an unknown shape, and never "no tags". */
function orInvalid<Step>(step: () => Step): Step {
  try {
    return step();
  } catch (error) {
    throw error instanceof UsherError ? error : new CrmAnswerInvalid('it has an unknown shape', error);
  }
}

/** Credentials without which no call is made. What webhooks are signed with is none of them. */
function expectWhole(known: Credentials, { secrets }: Connector): Credentials {
  const isMissing = Object.keys(secrets).some((name) => name !== 'webhookSecret' && !known[name]);
  if (isMissing) throw new CrmAuthError({ isMissing });
  return known;
}

/** Runs a connector against its CRM. */
export function createCrmClient(options: CrmClientOptions): CrmClient {
  const { api, connector, wanted, memory, signal, now, pace } = options;
  const call = createCrmCall({
    ...options,
    limits: connector.limits,
    credentials: async (...asked) => expectWhole(await options.credentials(...asked), connector),
  });

  async function converse<Result>(conversation: Conversation<Result>, ask: Ask): Promise<Result> {
    const goOn = (answer: unknown) => orInvalid(() => conversation.next(answer));
    let step = goOn(undefined);
    for (let calls = 0; !step.done; calls += 1) {
      if (calls === mostCalls) throw new CrmAnswerInvalid('it never ends');
      const { value } = step;
      try {
        step = 'remember' in value ? goOn(await recall(value, ask)) : await ask(value, goOn);
      } catch (error) {
        if (!(error instanceof ContactNotFound)) throw error;
        step = orInvalid(() => conversation.throw(error));
      }
    }
    return step.value;
  }

  const recall = ({ remember, ask: question, isEnough }: Remembered, ask: Ask): Promise<unknown> =>
    memory.recall(remember, () => converse(question(), aboutAccount(ask)), isEnough, now());

  /** A question that is about no contact: a 404 then is a wrong URL's, and nobody's who is looked for. */
  const aboutAccount =
    (ask: Ask): Ask =>
    (request, goOn) =>
      ask({ ...request, isAboutAccount: true }, goOn);

  /** Outside the pace. */
  const asked =
    (token: typeof fetchToken): Ask =>
    async (request, goOn) =>
      goOn(parsedAnswer(await call(request, false, token), request));

  const fetchToken = api.signIn && ((known: Credentials): Promise<SignIn> => signIn(known));

  /** Without the token that is about to be fetched. */
  function signIn(known: Credentials): Promise<SignIn> {
    if (!api.signIn) throw new Error('This CRM has no tokens that end.');
    return converse(api.signIn(known), aboutAccount(asked(undefined)));
  }

  /** Only valid credentials can do this. Outside the pace, which asks for it. */
  async function checkToken(): Promise<void> {
    await converse(api.check(), aboutAccount(asked(fetchToken)));
  }

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
    async load(contactId) {
      // Such an id never gets into a URL, where `.` and `search` mean something else.
      if (connector.contactId(contactId) === undefined) throw new ContactNotFound();
      const found = await converse(api.load({ id: contactId }, wanted), paced);
      if (found.length === 0) throw new ContactNotFound();
      const contact = found.find(({ id }) => id === contactId);
      if (!contact) throw new CrmAnswerInvalid('it holds another contact');
      return contact;
    },
    async loadByEmail(email) {
      const sameAddress = email.toLowerCase();
      const found = await converse(api.load({ email }, wanted), paced).catch((error: unknown) => {
        if (error instanceof ContactNotFound) return [];
        throw error;
      });
      return found.find((contact) => contact.email?.toLowerCase() === sameAddress);
    },
    async writeField(contactId, field, value) {
      if (connector.contactId(contactId) === undefined) throw new ContactNotFound();
      await converse(api.write(contactId, field, value), paced);
    },
    async testCredentials() {
      await converse(api.check(), aboutAccount(paced));
    },
    async fieldNames() {
      return new Set(await converse(api.fields(), aboutAccount(paced)));
    },
  };
}
