-- Keeps what is foretold of a Discovered address. Nothing happens for one that is none any more.
UPDATE outlook SET ends_ms = :ends, alias = :alias, weak = :weak, can_wait_ms = :can_wait, round = :round WHERE key = :key
