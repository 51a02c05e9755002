#!lua
-- Remembers a request of which no job can be made.
--
-- KEYS  the prefix
-- ARGV  time; key; fingerprint
-- Reply 'remembered' | 'key_reused'
-- Keeps a key at one request for 24 hours.
--! engine requests

return remember_request(ARGV[2], ARGV[3]) and 'remembered' or 'key_reused'
