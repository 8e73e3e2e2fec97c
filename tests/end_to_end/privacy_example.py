"""The program of the transcript in docs/privacy.md."""


class Connection:
    def __init__(self, url, password):
        self.url, self.password, self.port = url, password, 5432


def charge(connection, card, api_key):
    note = "charged %s by %s" % (card, connection.url)
    orders = {1044: {"total": 12.5, "access_token": "q8Zx-41tR"}}
    return note, orders[1045]["total"]


password = "correct-horse-battery"
charge(Connection("postgres://shop:%s@db/orders" % password, password), "4111 1111 1111 1111", "k3y-0f-th3-sh0p")
