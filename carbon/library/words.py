"""Words that files and classes of the library share: the columns of an edition, the world."""

WORLD = "WORLD"
EDITION_COLUMNS = (
    "set_id topic region series first_year last_year accounting quantity value unit source_id "
    "locator confidence note"
)
