-- What is settled for each domain, A to Z.
SELECT name, tag_delimiter, strip_subdomains, deliver_to_primary, unknown, defer_strangers, inactive, verify_host,
       verify_port, verify_tls
FROM   domain
ORDER  BY name
