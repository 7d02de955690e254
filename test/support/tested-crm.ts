/** The CRMs of the example configuration: rules are tested with the first one, and with both where it takes two. */
export type TestedCrm = 'encharge' | 'userengage';
