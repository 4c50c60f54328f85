/** What canonical JSON can hold (SWARM §2): no booleans, no null, no fractions. */
export type Json = string | number | Json[] | { [key: string]: Json };
