"""What differs from region to region, as tables: elements, headings, codes and names of files."""
