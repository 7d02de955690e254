/** Name of the CloudFormation stack of a stage. */
export const stackName = (stage: string): string => `Usher-${stage}`;
