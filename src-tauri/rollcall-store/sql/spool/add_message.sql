-- A message to be responsible for.
INSERT INTO message (queue_id, reverse_path, arrived_ms, body_8bit, client_ip, client_name, subject, size_bytes, in_file,
                     outbound, smtputf8, ret, envid, proof, client_known, look_ms)
VALUES (:queue_id, :reverse_path, :arrived, :body_8bit, :client_ip, :client_name, :subject, :size_bytes, :in_file,
        :outbound, :smtputf8, :ret, :envid, :proof, :client_known, :look)
