import { defineConfig } from './functions/config/define-config.ts';

/** What an operator edits. docs/configuration.md goes through it option by option. No secrets here. */
export default defineConfig({
  site: {
    name: 'Example Site',
    url: 'https://www.example.com',
  },
  roles: {
    default: 'subscriber',
    list: [
      { slug: 'subscriber', name: 'Subscriber' },
      { slug: 'customer', name: 'Customer' },
      { slug: 'editor', name: 'Editor' },
      { slug: 'administrator', name: 'Administrator', privileged: true },
    ],
  },
  mail: {
    from: 'Example Site <hello@example.com>',
  },
  connections: {
    encharge: {
      crm: 'encharge',
      returnPassword: { field: 'wpPassword' },
      fields: {
        user_login: 'user_login',
        user_pass: 'user_pass',
        role: 'user_role',
        birthday: { field: 'birthday', type: 'date' },
        vip: { field: 'vip', type: 'checkbox' },
        score: { field: 'score', type: 'number' },
        orders: { field: 'orders', type: 'integer' },
        interests: { field: 'interests', type: 'multiselect' },
        last_seen: { field: 'lastSeen', type: 'datetime' },
      },
    },
    userengage: {
      crm: 'userengage',
      account: 'example',
      returnPassword: { field: 'wp_password' },
      fields: {
        user_login: 'user_login',
        user_pass: 'user_pass',
        role: 'user_role',
        birthday: { field: 'birthday', type: 'date' },
        vip: { field: 'vip', type: 'checkbox' },
        score: { field: 'score', type: 'number' },
        orders: { field: 'orders', type: 'integer' },
        interests: { field: 'interests', type: 'multiselect' },
        last_seen: { field: 'last_seen', type: 'datetime' },
      },
    },
  },
  stages: {
    dev: { isThrowAway: true },
    prod: {
      alarmEmail: 'ops@example.com',
      mailIdentity: { domain: 'example.com', create: true },
    },
  },
});
