-- Settles a domain.
UPDATE domain
SET    tag_delimiter = :tag_delimiter, strip_subdomains = :strip_subdomains, deliver_to_primary = :deliver_to_primary,
       unknown = :unknown, defer_strangers = :defer_strangers, inactive = :inactive, verify_host = :verify_host,
       verify_port = :verify_port, verify_tls = :verify_tls
WHERE  name = :name
