// How a service of INT 15h ends.

/** `wait`: AH=86 has begun; the stub halts until the time is over. `idle`: halt once, then return. */
export type SystemAnswer = 'done' | 'wait' | 'idle';
