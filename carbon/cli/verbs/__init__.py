"""The verbs: each reads its arguments, asks the book and prints the answer.

Every verb calls the method of `Book` of the same name (`import` calls `import_files`). A verb gives
its exit code where it is not 0. Everything of ours is imported where it is used: `carbon VERB
--help` needs none of it.
"""

from carbon.cli.verbs import ahead, closing, fill, library, look, perform, record, start
from carbon.cli.verbs.shared import app

__all__ = ["ahead", "app", "closing", "fill", "library", "look", "perform", "record", "start"]
