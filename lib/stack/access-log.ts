/**
 * What the access log says of a request. No query string, no path and no headers: any of them may hold a key.
 * No address of the sender either: it helps nobody and is personal data.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export const accessLogFields = {
  request_id: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  protocol: '$context.protocol',
  status: '$context.status',
  error_type: '$context.error.responseType',
  response_bytes: '$context.responseLength',
  latency_ms: '$context.responseLatency',
  function_ms: '$context.integrationLatency',
} as const;
