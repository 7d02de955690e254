import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback, loopbackHost } from '../../lib/dev/loopback-server.ts';

export interface FakeMail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly configurationSet: string | undefined;
  readonly at: Date;
}

/** What SES, or the network before it, may do to a mail instead of taking it. */
export type SesFault =
  | 'throttling'
  | 'message-rejected'
  | 'server-error'
  | 'connection-reset'
  /** The mail is sent, but its sender never hears of it. */
  | 'answer-lost'
  | 'hang';

export interface FakeSes {
  readonly endpoint: string;
  /** The mails that were sent, oldest first. */
  readonly mails: readonly FakeMail[];
  /** Requests that arrived, whatever became of them. */
  readonly requests: number;
  /** The next requests meet this fault, one each; faults queue up. The SDK tries some of them again by itself. */
  failNext(fault: SesFault, times?: number): void;
  /** Every request from now on meets this fault, until it is given `undefined`. */
  failAlways(fault: SesFault | undefined): void;
  /** Forgets mails, requests and faults. */
  clear(): void;
  stop(): Promise<void>;
}

const errors = {
  throttling: { status: 400, type: 'Sender', code: 'Throttling', message: 'Maximum sending rate exceeded.' },
  'message-rejected': {
    status: 400,
    type: 'Sender',
    code: 'MessageRejected',
    message: 'Email address is not verified.',
  },
  'server-error': { status: 500, type: 'Receiver', code: 'InternalFailure', message: 'An error occurred.' },
} as const;

/**
 * An SES on a loopback port that answers SendEmail of the v1 query protocol, records the mails and fails on demand.
 *
 * https://docs.aws.amazon.com/ses/latest/APIReference/API_SendEmail.html
 */
export async function startFakeSes(): Promise<FakeSes> {
  const mails: FakeMail[] = [];
  const nextFaults: SesFault[] = [];
  let lastingFault: SesFault | undefined;
  let requests = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const fault = nextFaults.shift() ?? lastingFault;
    const form = new URLSearchParams(await text(request));
    switch (fault) {
      case 'hang':
        return;
      case 'connection-reset':
        request.socket.resetAndDestroy();
        return;
      case 'answer-lost':
        mails.push(toMail(form));
        request.socket.destroy();
        return;
      case 'throttling':
      case 'message-rejected':
      case 'server-error':
        sendError(response, errors[fault]);
        return;
      case undefined:
        if (form.get('Action') !== 'SendEmail') {
          sendError(response, {
            status: 400,
            type: 'Sender',
            code: 'InvalidAction',
            message: 'Unknown action.',
          });
          return;
        }
        mails.push(toMail(form));
        sendXml(response, 200, sentAnswer(mails.length));
    }
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => request.socket.destroy(error));
  });
  const port = await listenOnLoopback(server, 0, 'the fake SES');
  return {
    endpoint: `http://${loopbackHost}:${port}`,
    mails,
    get requests() {
      return requests;
    },
    failNext: (fault, times = 1) => {
      nextFaults.push(...Array.from({ length: times }, () => fault));
    },
    failAlways: (fault) => {
      lastingFault = fault;
    },
    clear: () => {
      mails.length = 0;
      nextFaults.length = 0;
      lastingFault = undefined;
      requests = 0;
    },
    stop: () => closeServer(server),
  };
}

function toMail(form: URLSearchParams): FakeMail {
  return {
    to: [...form].filter(([name]) => name.startsWith('Destination.ToAddresses.member.')).map(([, to]) => to),
    from: form.get('Source') ?? '',
    subject: form.get('Message.Subject.Data') ?? '',
    text: form.get('Message.Body.Text.Data') ?? undefined,
    html: form.get('Message.Body.Html.Data') ?? undefined,
    configurationSet: form.get('ConfigurationSetName') ?? undefined,
    at: new Date(),
  };
}

const xmlns = 'http://ses.amazonaws.com/doc/2010-12-01/';

function sentAnswer(count: number): string {
  return `<SendEmailResponse xmlns="${xmlns}"><SendEmailResult><MessageId>fake-${count}</MessageId></SendEmailResult><ResponseMetadata><RequestId>fake</RequestId></ResponseMetadata></SendEmailResponse>`;
}

function sendError(
  response: ServerResponse,
  error: { status: number; type: string; code: string; message: string },
): void {
  const { status, type, code, message } = error;
  sendXml(
    response,
    status,
    `<ErrorResponse xmlns="${xmlns}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>fake</RequestId></ErrorResponse>`,
  );
}

function sendXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}
